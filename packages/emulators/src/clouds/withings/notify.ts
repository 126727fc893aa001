/** Subscriptions of a person, one for each category; notices are forms, unsigned. */
import type { Account, Change } from '../kit/accounts.ts'
import type { App, Site } from '../kit/site.ts'
import { unix } from '../kit/times.ts'
import { appliOf } from './measures.ts'
import { codes, no, ok } from './reply.ts'
import type { Action, Call } from './services.ts'

interface Hook {
  appli: number
  callbackurl: string
  comment: string
  failures: number
}

const patience = 2_000

/** After so many failures in a row a subscription is removed, as older text says. */
const failuresMax = 4

/** What becomes of the person's account. */
const profile = 46

const scopes: Readonly<Record<number, string>> = {
  1: 'user.metrics',
  2: 'user.metrics',
  4: 'user.metrics',
  16: 'user.activity',
  44: 'user.activity',
  [profile]: 'user.info',
  50: 'user.sleepevents',
  51: 'user.sleepevents',
  52: 'user.sleepevents',
  54: 'user.metrics',
  55: 'user.metrics',
  58: 'user.metrics',
}

export function hooksOf({ notes }: Account, { clientId }: App): Hook[] {
  const key = `hooks/${clientId}`
  const hooks = (notes.get(key) as Hook[] | undefined) ?? []
  notes.set(key, hooks)
  return hooks
}

export const notifyActions: Readonly<Record<string, Action>> = {
  subscribe: { answer: subscribe },
  update: { answer: update },
  list: {
    answer({ account, app, fields }) {
      const appli = fields.get('appli')
      const hooks = hooksOf(account, app).filter((hook) => appli === null || hook.appli === Number(appli))
      return ok({ profiles: hooks.map(shown) })
    },
  },
  get: {
    answer(call) {
      const hook = findHook(call)
      return hook ? ok(shown(hook)) : no(codes.nothing, 'There is no such subscription')
    },
  },
  revoke: {
    answer(call) {
      const hook = findHook(call)
      if (!hook) return no(codes.nothing, 'There is no such subscription')
      const hooks = hooksOf(call.account, call.app)
      hooks.splice(hooks.indexOf(hook), 1)
      return ok()
    },
  },
}

const shown = ({ appli, callbackurl, comment }: Hook) => ({ appli, callbackurl, comment, expires: 2_147_483_647 })

function findHook({ account, app, fields }: Call): Hook | undefined {
  const [url, appli] = [fields.get('callbackurl'), Number(fields.get('appli'))]
  return hooksOf(account, app).find((hook) => hook.callbackurl === url && hook.appli === appli)
}

async function subscribe(call: Call): Promise<Response> {
  const { account, app, fields } = call
  const refusal = await check(call, fields.get('callbackurl') ?? '', Number(fields.get('appli')))
  if (refusal) return refusal
  const [callbackurl, appli] = [fields.get('callbackurl') ?? '', Number(fields.get('appli'))]
  if (!findHook(call))
    hooksOf(account, app).push({ appli, callbackurl, comment: fields.get('comment') ?? '', failures: 0 })
  return ok()
}

async function update(call: Call): Promise<Response> {
  const { fields } = call
  const hook = findHook(call)
  if (!hook) return no(codes.nothing, 'There is no such subscription')
  const callbackurl = fields.get('new_callbackurl') ?? hook.callbackurl
  const appli = Number(fields.get('new_appli') ?? hook.appli)
  const refusal = await check(call, callbackurl, appli)
  if (refusal) return refusal
  Object.assign(hook, { callbackurl, appli, comment: fields.get('comment') ?? hook.comment })
  return ok()
}

async function check({ grant, site }: Call, url: string, appli: number): Promise<Response | null> {
  const scope = scopes[appli]
  if (!scope) return no(codes.invalid, 'Invalid Params: appli')
  if (!grant.scopes.includes(scope)) return no(codes.forbidden, `Needs ${scope}`)
  if (!isPublic(url)) return no(codes.callback, 'The callback URL must be https, public and short')
  const answer = await site.courier.ask(url, { method: 'HEAD' }, patience)
  return answer?.status === 200 ? null : no(codes.callback, 'The callback URL does not answer HEAD with 200')
}

/** https, at most 255 characters, no address of a number or of this machine, port 443 or 80. */
function isPublic(text: string): boolean {
  if (text.length > 255 || !URL.canParse(text)) return false
  const { protocol, hostname, port } = new URL(text)
  const isNumber = /^[\d.]+$/.test(hostname) || hostname.startsWith('[')
  return protocol === 'https:' && !isNumber && hostname !== 'localhost' && (port === '' || port === '80')
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const app of site.appsOf(account))
    for (const change of changes)
      for (const hook of [...hooksOf(account, app)])
        if (hook.appli === categoryOf(change)) await send(site, account, app, hook, fieldsOf(change))
}

function categoryOf({ record: { feed, body } }: Change): number {
  if (feed === 'measure') return appliOf(body)
  if (feed === 'ecg') return 54
  return feed === 'sleep' ? 44 : 16
}

/** The last that is told, to those who listen for what becomes of the person. */
export async function tellLeft(site: Site, account: Account, app: App): Promise<void> {
  const listening = hooksOf(account, app).filter(({ appli }) => appli === profile)
  for (const hook of listening) await send(site, account, app, hook, { action: 'unlink' })
  hooksOf(account, app).length = 0
}

function fieldsOf({ kind, record }: Change): Readonly<Record<string, string>> {
  const { at, end, date, feed } = record
  return {
    startdate: String(unix(at)),
    enddate: String(unix(Math.max(end, at + 1_000))),
    ...(feed === 'activity' && date ? { date } : {}),
    ...(kind === 'delete' ? { action: 'delete' } : {}),
  }
}

async function send(
  { courier }: Site,
  account: Account,
  app: App,
  hook: Hook,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const all = { userid: account.id, appli: String(hook.appli), ...fields }
  const make = () => ({
    method: 'POST',
    body: new URLSearchParams(all).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const isTaken = (status: number) => status === 200
  await courier.deliver(hook.callbackurl, make, { patience, retries: [], isTaken }, (attempt) => {
    hook.failures = attempt.isTaken ? 0 : hook.failures + 1
    const hooks = hooksOf(account, app)
    if (hook.failures >= failuresMax) hooks.splice(hooks.indexOf(hook), 1)
  })
}
