/** Notices carry what is new, signed; who is slow or fails is left out for a while, and nothing is sent twice. */
import { createHmac } from 'node:crypto'
import type { Account, Change } from '../kit/accounts.ts'
import type { App, Site } from '../kit/site.ts'

/** Ours: the page says only that it is repeated errors, and a while. */
const failuresMax = 5
const pauseMs = 3_600_000

const types: Readonly<Record<string, string>> = {
  sleep: 'SUUNTO_247_SLEEP_CREATED',
  activity: 'SUUNTO_247_ACTIVITY_CREATED',
  recovery: 'SUUNTO_247_RECOVERY_CREATED',
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  const records = changes.filter(({ kind }) => kind !== 'delete').map(({ record }) => record)
  const byFeed = Map.groupBy(records, ({ feed }) => feed)
  for (const app of site.appsOf(account))
    for (const [feed, list] of byFeed) {
      // An update is told as a creation too.
      if (feed === 'workout')
        for (const { body } of list) {
          const { gear, ...workout } = body
          if (account.traits.has('old_app')) await sendForm(site, app, account.id, String(workout['workoutKey']))
          else await send(site, app, { type: 'WORKOUT_CREATED', username: account.id, workout, gear })
        }
      else await send(site, app, { type: types[feed], username: account.id, samples: list.map(({ body }) => body) })
    }
}

/** As apps of before are told, without a signature: trait `old_app` of whoever is told of. */
async function sendForm(
  { courier }: Site,
  { webhookUrl, clientId, clientSecret }: App,
  username: string,
  workoutid: string,
) {
  if (!webhookUrl) return
  const make = () => ({
    method: 'POST',
    body: new URLSearchParams({ username, workoutid }).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
    },
  })
  await courier.deliver(webhookUrl, make, { patience: 2_000, retries: [] })
}

interface Breaker {
  failures: number
  until: number
}

async function send({ courier, now }: Site, app: App, notice: Record<string, unknown>): Promise<void> {
  const breaker = (app.notes.get('breaker') ?? { failures: 0, until: 0 }) as Breaker
  app.notes.set('breaker', breaker)
  if (!app.webhookUrl || now() < breaker.until) return
  const body = JSON.stringify(notice)
  const signature = createHmac('sha256', app.extra['notificationSecret'] ?? '')
    .update(body)
    .digest('hex')
  const make = () => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-hmac-sha256-signature': signature },
  })
  const style = { patience: 2_000, retries: [], isTaken: (status: number) => status === 200 }
  await courier.deliver(app.webhookUrl, make, style, ({ isTaken }) => {
    breaker.failures = isTaken ? 0 : breaker.failures + 1
    if (breaker.failures >= failuresMax) Object.assign(breaker, { failures: 0, until: now() + pauseMs })
  })
}
