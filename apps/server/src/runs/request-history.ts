/**
 * Lists that a provider only sends by itself (Garmin): their past is asked for, and what was sent while it could not reach us. Both
 * come as webhooks, later. Everything between `feeds.history_from` and `read_until` was asked for or heard.
 */
import type { Feed, HistoryAnswer, Window } from '@tributary/providers/kit'
import { must } from '../platform/must.ts'
import type { FeedState } from './connection-runs.queries.ts'
import type { FetchEdges } from './fetch-connection.ts'
import { type FeedJob, stretchesOf } from './fetch-feed.ts'
import { noteHistoryAsked, noteScopeGone } from './history.queries.ts'

/** Worth knowing, and no failure. */
export interface RunNote {
  code: 'history_not_allowed'
  message: string
}

/** How far a list has been read, and how many days back are wanted. */
export interface FeedPast {
  state: FeedState | undefined
  days: number
}

const dayMs = 86_400_000
/** Who wears a watch is heard of every day; and what was sent in vain is sent again for a week. */
export const longestSilenceMs = dayMs

export const isOnlySent = ({ fetch, requestHistory }: Feed): boolean => !fetch && requestHistory !== undefined

export async function requestHistory(edges: FetchEdges, job: FeedJob, past: FeedPast): Promise<RunNote | undefined> {
  const { feed, context, run } = job
  const { missed, earlier } = wantedOf(feed, past, edges.clock.now())
  if (!missed && !earlier) return undefined
  const { historyScope: scope } = feed
  if (scope && !context.scopes.includes(scope)) return notAllowed(job)
  const isAllowed = (await askMissed(edges, job, missed)) && (await askEarlier(edges, job, earlier))
  if (isAllowed) return undefined
  if (scope) await edges.db.write({ userId: run.userId }, (tx) => noteScopeGone(tx, run, scope))
  return notAllowed(job)
}

const notAllowed = ({ providerName }: FeedJob): RunNote => ({
  code: 'history_not_allowed',
  message: `The person has not allowed history at ${providerName}: only what is new arrives`,
})

/**
 * What was never asked for or heard: since the provider last reached us, and before the first that was asked for. Stretches go by when
 * something was measured, and what was missed may have been measured before.
 */
function wantedOf(
  { lookBackDays }: Feed,
  { state, days }: FeedPast,
  now: number,
): { missed?: Window; earlier?: Window } {
  const wanted = now - days * dayMs
  const [from, until] = [state?.history_from?.getTime(), state?.read_until?.getTime()]
  if (from === undefined || until === undefined) return { earlier: { from: wanted, to: now } }
  return {
    ...(now - until > longestSilenceMs ? { missed: { from: until - lookBackDays * dayMs, to: now } } : {}),
    ...(from > wanted ? { earlier: { from: wanted, to: from } } : {}),
  }
}

/** Oldest first: what is between the last that was noted and now stays missed. */
async function askMissed(edges: FetchEdges, job: FeedJob, missed: Window | undefined): Promise<boolean> {
  if (!missed) return true
  for (const stretch of stretchesOf(missed, job.feed.windowDays))
    if ((await ask(edges, job, stretch)) === 'not_allowed') return false
  return true
}

/** Newest first, until the provider has nothing earlier; then as far back as was wanted is settled. */
async function askEarlier(edges: FetchEdges, job: FeedJob, earlier: Window | undefined): Promise<boolean> {
  if (!earlier) return true
  for (const stretch of stretchesOf(earlier, job.feed.windowDays).reverse()) {
    const answer = await ask(edges, job, stretch)
    if (answer === 'not_allowed') return false
    if (answer === 'nothing_earlier') {
      await note(edges, job, { from: earlier.from, to: stretch.to })
      return true
    }
  }
  return true
}

/** Noted as soon as it was answered, so that a run that is broken off goes on from there. */
async function ask(edges: FetchEdges, job: FeedJob, stretch: Window): Promise<HistoryAnswer> {
  job.signal.throwIfAborted()
  const request = must(job.feed.requestHistory, 'what is only sent can be asked for')
  const answer = await request(job.http, stretch, job.context)
  if (answer !== 'not_allowed') await note(edges, job, stretch)
  return answer
}

const note = ({ db }: FetchEdges, { run, name }: FeedJob, { from, to }: Window): Promise<void> =>
  db.write({ userId: run.userId }, (tx) => noteHistoryAsked(tx, run, name, { from: new Date(from), to: new Date(to) }))
