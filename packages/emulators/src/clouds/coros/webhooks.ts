/** Workouts are sent every five minutes, all that came meanwhile; the app is known by its id and secret in headers. */
import type { Account, Change, Kept } from '../kit/accounts.ts'
import type { App, Site } from '../kit/site.ts'
import { wire } from './answers.ts'
import { shown } from './records.ts'

const everyMs = 300_000

/** Two more attempts; when is ours. */
const style = { patience: 10_000, retries: [300_000, 900_000], isTaken: (status: number) => status === 200 }

interface Waiting {
  account: Account
  id: string
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  const records = changes
    .filter(({ kind, record }) => kind !== 'delete' && record.feed === 'workout')
    .map(({ record }) => record)
  if (!records.length) return
  for (const app of site.appsOf(account)) {
    const waiting = (app.notes.get('waiting') ?? []) as Waiting[]
    if (!waiting.length) site.courier.later(Math.ceil((site.now() + 1) / everyMs) * everyMs, () => send(site, app))
    app.notes.set('waiting', [...waiting, ...records.map(({ id }) => ({ account, id }))])
  }
}

async function send({ courier, options, now }: Site, app: App): Promise<void> {
  const { webhookUrl, clientId, clientSecret, notes } = app
  const waiting = (notes.get('waiting') ?? []) as Waiting[]
  notes.set('waiting', [])
  const kept = waiting
    .map(({ account, id }) => account.find('workout', id))
    .filter((one): one is Kept => one !== undefined)
  if (!webhookUrl || !kept.length) return
  if (!notes.get('is_well')) {
    // Whether anybody is there, without saying who asks.
    const answer = await courier.ask(webhookUrl, { method: 'GET' }, style.patience)
    notes.set('is_well', answer?.status === 200)
  }
  const body = wire({ sportDataList: kept.map((one) => shown(one, options.origin, now())) })
  const make = () => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', client: clientId, secret: clientSecret },
  })
  await courier.deliver(webhookUrl, make, style)
}
