/**
 * One run of a connection: each of its lists that the person allowed, by itself, so that one that fails never stops the others. Every
 * page is kept raw, read, stored and counted before the next is asked for; broken off anywhere, the next run goes on from the cursors.
 */
import { connections } from '@tributary/protocol'
import type { Feed } from '@tributary/providers/kit'
import type { Calls, OpenedConnection } from '../connect/calls.ts'
import type { TakeTold } from '../ingest/telling.ts'
import type { DiskReserve } from '../platform/disk-reserve.ts'
import { instantOf } from '../platform/instant.ts'
import { LeaseGone } from '../platform/leased-work.ts'
import type { Log } from '../platform/log.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import type { Telemetry } from '../platform/telemetry/telemetry.ts'
import {
  cancelRun,
  endRun,
  findHistoricalDays,
  type HeldRun,
  isPaused,
  listFeedStates,
  noteFeed,
  type RunEnd,
} from './connection-runs.queries.ts'
import { type FeedCounts, type FeedJob, fetchFeed, noCounts, takePage, windowOf } from './fetch-feed.ts'
import { findRanks, type RanksOf } from './ranks.queries.ts'
import { listRawFeeds } from './raw-payloads.queries.ts'
import { type RawEdges, readRaw } from './raw-payloads.ts'
import { type FeedPast, isOnlySent, type RunNote, requestHistory } from './request-history.ts'
import { endsRun, type FaultWords, timedOut, wordsOfFault } from './words-of-fault.ts'

export interface FetchEdges extends RawEdges {
  calls: Pick<Calls, 'open'>
  takeTold: TakeTold
  disk: Pick<DiskReserve, 'assertRoom'>
  log: Pick<Log, 'error'>
  telemetry: Pick<Telemetry, 'synced'>
  timeoutSeconds: number
  /** Told at each moment of a run; the fault tests end it there. */
  reached?(moment: 'opened' | 'page' | 'taken' | 'list'): void | Promise<void>
}

const paused = 'The connection is paused: nothing is fetched until it goes on'

export interface FeedResult extends FeedCounts {
  feed: string
  from: string | null
  to: string | null
  error_code: string | null
  error_message: string | null
  note?: RunNote
}

export async function fetchConnection(edges: FetchEdges, run: HeldRun, stopping: AbortSignal): Promise<void> {
  const { calls, clock, db, timeoutSeconds } = edges
  const { userId, connectionId } = run
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutSeconds * 1_000)])
  // What was kept may be read anew; asking the provider is what pausing is against.
  if (run.trigger !== 'retry' && (await db.read({ userId }, (tx) => isPaused(tx, run)))) return cancel(edges, run)
  let open: OpenedConnection
  try {
    open = await calls.open({ userId, connectionId }, { signal })
  } catch (error) {
    stopping.throwIfAborted()
    return finish(edges, run, [], noteFault(edges, error, run.provider, 'the connection'))
  }
  await edges.reached?.('opened')
  const known = await db.read({ userId }, async (tx) => ({
    timeZone: await findTimeZone(tx, userId),
    states: await listFeedStates(tx, userId, connectionId),
    days: (await findHistoricalDays(tx, userId, connectionId)) ?? connections.firstSyncDays,
    raw: run.trigger === 'retry' ? await listRawFeeds(tx, { userId, connectionId }) : [],
  }))
  const context = { account: open.account, now: clock.now(), timeZone: known.timeZone }
  let { scopes } = open
  const results: FeedResult[] = []
  let last: FaultWords | undefined
  for (const [name, feed] of Object.entries(open.provider.feeds)) {
    const isAsked = run.trigger === 'retry' ? known.raw.includes(name) : isAllowed(feed, open.scopes)
    if (!isAsked) continue
    const isKnown = knowsOf(edges, { userId, connectionId, name })
    const job: FeedJob = {
      run,
      providerName: open.provider.name,
      name,
      feed,
      http: open.http,
      context: { ...context, scopes, isKnown },
      signal,
    }
    const past = { state: known.states.find((one) => one.feed === name), days: known.days }
    const result = await doFeed(edges, job, past, last && endsRun(last) ? last : undefined, stopping)
    // Refused of one list, the past of the others is not asked for.
    if (result.result.note) scopes = scopes.filter((scope) => scope !== feed.historyScope)
    results.push(result.result)
    if (!(feed.mayBeRefused && result.fault?.code === 'scope')) last = result.fault ?? last
    await edges.reached?.('list')
  }
  await finish(edges, run, results, last)
}

async function cancel({ db, telemetry }: FetchEdges, run: HeldRun): Promise<void> {
  await db.write({ userId: run.userId }, (tx) => cancelRun(tx, run, 'paused', paused))
  telemetry.synced({ ...run, status: 'cancelled' })
}

const isAllowed = ({ fetch, requestHistory, scopes }: Feed, granted: readonly string[]): boolean =>
  Boolean(fetch || requestHistory) && (!scopes?.length || scopes.some((scope) => granted.includes(scope)))

/** What was read in this version need not be fetched in detail again. */
const knowsOf =
  ({ db }: FetchEdges, of: RanksOf) =>
  async (key: string, rank: number): Promise<boolean> => {
    const known = (await db.read({ userId: of.userId }, (tx) => findRanks(tx, of, [key]))).get(key)
    return known !== undefined && known >= Math.round(rank)
  }

async function doFeed(
  edges: FetchEdges,
  job: FeedJob,
  past: FeedPast,
  before: FaultWords | undefined,
  stopping: AbortSignal,
): Promise<{ result: FeedResult; fault: FaultWords | undefined }> {
  const { db, clock } = edges
  const { run, name, feed, signal } = job
  const isReplay = run.trigger === 'retry'
  const counts = noCounts()
  const window = windowOf(feed, past.state, past.days, clock.now())
  let fault = before
  let note: RunNote | undefined
  if (!before)
    try {
      if (isReplay) await replayFeed(edges, job, counts)
      else if (isOnlySent(feed)) note = await requestHistory(edges, job, past)
      else await fetchFeed(edges, job, window, counts)
    } catch (error) {
      stopping.throwIfAborted()
      if (error instanceof LeaseGone) throw error
      fault = signal.aborted ? timedOut(edges.timeoutSeconds) : noteFault(edges, error, job.providerName, feed.title.en)
    }
  if (!isReplay)
    await db.write({ userId: run.userId }, (tx) => noteFeed(tx, run, name, fault ?? null, new Date(clock.now())))
  const result: FeedResult = {
    feed: name,
    from: isReplay ? null : instantOf(window.from),
    to: isReplay ? null : instantOf(window.to),
    ...counts,
    error_code: fault?.code ?? null,
    error_message: fault?.message ?? null,
    ...(note ? { note } : {}),
  }
  return { result, fault }
}

/** The kept answers once more, as today's mapping reads them; nothing is asked of the provider. */
async function replayFeed(edges: FetchEdges, job: FeedJob, counts: FeedCounts): Promise<void> {
  const { run, name, context } = job
  for await (const { fetchedAt, records } of readRaw(edges, { ...run, feed: name })) {
    job.signal.throwIfAborted()
    await takePage(edges, { ...job, context: { ...context, now: fetchedAt } }, records, counts)
  }
}

function noteFault({ log, clock }: FetchEdges, error: unknown, providerName: string, what: string): FaultWords {
  const words = wordsOfFault(error, providerName, what, clock.now())
  if (words.code === 'internal') log.error({ err: error, operation: 'sync' }, 'a list could not be read')
  return words
}

async function finish(
  { db, clock, telemetry }: FetchEdges,
  run: HeldRun,
  feeds: readonly FeedResult[],
  fault: FaultWords | undefined,
): Promise<void> {
  const end = endOf(feeds, fault)
  const ours = await db.write({ userId: run.userId }, (tx) => endRun(tx, run, end, new Date(clock.now())))
  if (!ours) throw new LeaseGone('the run was closed, or its connection removed')
  telemetry.synced({ ...run, status: end.status })
}

/** Without a fault what is left to fail are lists that not every app may have: each says so by itself. */
function endOf(feeds: readonly FeedResult[], fault: FaultWords | undefined): RunEnd {
  const failed = feeds.filter(({ error_code }) => error_code !== null)
  const status = !fault ? 'completed' : failed.length < feeds.length ? 'partial' : 'failed'
  const times = (of: (feed: FeedResult) => string | null) => feeds.flatMap((feed) => of(feed) ?? []).sort()
  const from = times((feed) => feed.from)[0]
  const to = times((feed) => feed.to).at(-1)
  const first = failed[0]
  return {
    status,
    feeds,
    windowFrom: from ? new Date(from) : null,
    windowTo: to ? new Date(to) : null,
    code: fault ? (first?.error_code ?? fault.code) : null,
    message: fault ? (first?.error_message ?? fault.message) : null,
    details: fault
      ? {
          ...(fault.retryAt ? { retry_at: fault.retryAt } : {}),
          lists: failed.map(({ feed, error_code, error_message }) => ({
            feed,
            code: error_code,
            detail: error_message,
          })),
        }
      : null,
  }
}
