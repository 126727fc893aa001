/** One address for each app, given in the portal; who sends is known only by a token in the body. */
import type { Account, Change, Kept } from '../kit/accounts.ts'
import type { Site } from '../kit/site.ts'
import { shown } from './workouts.ts'

const hour = 3_600_000
const style = {
  patience: 10_000, // no deadline is stated
  retries: [hour / 2, 4 * hour, 24 * hour, 72 * hour],
  isTaken: (status: number) => status === 200,
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const app of site.appsOf(account)) {
    const { webhookUrl, clientId, extra } = app
    const scopes = site.grants.live(account.id, clientId).flatMap((grant) => grant.scopes)
    if (!webhookUrl || !scopes.includes('offline_data')) continue
    for (const { record } of changes) {
      const workout_summary = summaryOf(record, site.options.origin)
      if (!workout_summary) continue // a plan is no news
      const body = JSON.stringify({
        event_type: 'workout_summary',
        webhook_token: extra['webhookToken'],
        user: { id: Number(account.id) },
        workout_summary,
      })
      const make = () => ({ method: 'POST', body, headers: { 'content-type': 'application/json' } })
      await site.courier.deliver(webhookUrl, make, style)
    }
  }
}

/** The other way round than in lists: the summary outside, the workout in it, and no time zone. */
function summaryOf(record: Kept, origin: string) {
  const { workout_summary, id, starts, minutes, name, plan_id, workout_token, workout_type_id } = shown(
    record,
    origin,
  ) as ReturnType<typeof shown> & Record<string, unknown>
  if (!workout_summary) return null
  const { time_zone: _, ...summary } = workout_summary
  return { ...summary, workout: { id, starts, minutes, name, plan_id, workout_token, workout_type_id } }
}
