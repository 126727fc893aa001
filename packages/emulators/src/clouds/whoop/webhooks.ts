/** One address for each app, given when it is registered. Events point at a record; a recovery is named by its night. */
import { createHmac } from 'node:crypto'
import type { Account, Change } from '../kit/accounts.ts'
import type { App, Site } from '../kit/site.ts'
import { scoringMs } from './shown.ts'

/** About five more attempts within about an hour. */
const retries = [60, 300, 900, 1_800, 3_600].map((seconds) => seconds * 1000)

const style = { patience: 10_000, retries }

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const { kind, record } of changes) {
    const { feed, id } = record
    if (feed === 'cycle') continue // there is no event of cycles
    const tell = (type: string) => send(site, account, id, type)
    if (kind === 'delete') await tell(`${feed}.deleted`)
    else if (kind === 'update') await tell(`${feed}.updated`)
    else {
      if (feed !== 'recovery') await tell(`${feed}.updated`) // as a shell, without its score
      if (record.body['score_state'] === 'SCORED')
        site.courier.later(site.now() + scoringMs, async () => {
          if (account.find(feed, id)) await tell(`${feed}.updated`)
        })
    }
  }
}

async function send(site: Site, account: Account, id: string, type: string): Promise<void> {
  for (const app of site.appsOf(account)) await deliver(site, account, app, id, type)
}

async function deliver({ courier, ids, now }: Site, account: Account, app: App, id: string, type: string) {
  if (!app.webhookUrl) return
  const body = JSON.stringify({ user_id: Number(account.id), id, type, trace_id: ids.uuid('trace', ids.draw('trace')) })
  const make = () => {
    const timestamp = String(now())
    const signature = createHmac('sha256', app.clientSecret)
      .update(timestamp + body)
      .digest('base64')
    return {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-whoop-signature-timestamp': timestamp,
        'x-whoop-signature': signature,
      },
    }
  }
  await courier.deliver(app.webhookUrl, make, style)
}
