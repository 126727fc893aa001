/**
 * What providers posted, dealt with after it was answered: records are stored, changes fetched, deletions followed. One that cannot be
 * dealt with now is tried again, later each time, and holds up no other.
 */
import { connections } from '@tributary/protocol'
import type { FetchContext, Provider } from '@tributary/providers/kit'
import { ProviderError } from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import { openNotice } from '../platform/hooks/seal-notice.ts'
import { type LeasedWork, type LeasedWorkOptions, startLeasedWorkers } from '../platform/leased-work.ts'
import type { Log } from '../platform/log.ts'
import { needSignIn } from '../platform/need-sign-in.queries.ts'
import { askConnectionRun } from '../platform/runs/ask-run.queries.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import { listFeedStates } from './connection-runs.queries.ts'
import type { FetchEdges } from './fetch-connection.ts'
import { type FeedCounts, type FeedJob, fetchFeed, noCounts, takePage, takePages, windowOf } from './fetch-feed.ts'
import { noteHeard } from './history.queries.ts'
import {
  claimNotice,
  deleteDoneBefore,
  finishNotice,
  type HeldNotice,
  holdNotice,
  insertHookRun,
  noteScopes,
  postponeNotice,
} from './notices.queries.ts'
import { keepRaw } from './raw-payloads.ts'
import { isOnlySent, longestSilenceMs } from './request-history.ts'
import { wordsOfFault } from './words-of-fault.ts'

export interface NoticeEdges extends FetchEdges {
  findProvider(id: string): Provider | undefined
  /** A run was asked for. */
  wakeRunner(): void
  log: Log
}

const atOnce = 2
/** The last is tried about two days after the first. */
const mostAttempts = 16
const firstPauseMs = 30_000
const longestPauseMs = 12 * 3_600_000

export function startNotices(edges: NoticeEdges, options: LeasedWorkOptions = {}): LeasedWork {
  const { db, log } = edges
  return startLeasedWorkers<HeldNotice>(
    atOnce,
    {
      what: 'what a provider told',
      claim: (_lease, leaseMs) => db.asWriter((tx) => claimNotice(tx, leaseMs)),
      renew: (notice, leaseMs) => db.asWriter((tx) => holdNotice(tx, notice, leaseMs)),
      handBack: async (notice, pauseMs) => void (await db.asWriter((tx) => holdNotice(tx, notice, pauseMs))),
      work: (notice, signal) => dealWith(edges, notice, signal),
    },
    log,
    options,
  )
}

async function dealWith(edges: NoticeEdges, notice: HeldNotice, signal: AbortSignal): Promise<void> {
  const { db, clock, log } = edges
  const { userId, connectionId, provider } = notice
  const from = new Date(clock.now())
  const counts = noCounts()
  // Whoever took it up before did not live to say what was wrong.
  if (notice.attempts > mostAttempts)
    return void (await db.asWriter((tx) =>
      finishNotice(tx, notice, 'It could not be dealt with, however often it was tried'),
    ))
  try {
    await follow(edges, notice, signal, counts)
  } catch (error) {
    signal.throwIfAborted()
    const words = wordsOfFault(error, edges.findProvider(provider)?.name ?? provider, 'what it told', clock.now())
    if (words.code === 'internal')
      log.error({ err: error, operation: 'webhook' }, 'what a provider told could not be used')
    // Nothing can be fetched until the person has signed in again, and then all of it is.
    if (words.code === 'auth' || notice.attempts >= mostAttempts)
      return void (await db.asWriter((tx) => finishNotice(tx, notice, words.message)))
    const asked = error instanceof ProviderError ? error.retryAfterMs : undefined
    return db.asWriter((tx) => postponeNotice(tx, notice, asked ?? pauseAfter(notice.attempts), words.message))
  }
  const feeds = Object.entries(edges.findProvider(provider)?.feeds ?? {})
  const sent = feeds.flatMap(([name, feed]) => (isOnlySent(feed) ? [name] : []))
  const isRun = await db.write({ userId }, async (tx) => {
    const isOurs = await finishNotice(tx, notice, null)
    const to = new Date(clock.now())
    if (sent.length) await noteHeard(tx, notice, sent, { at: notice.receivedAt, silenceMs: longestSilenceMs })
    if (!isOurs || !counts.fetched) return false
    await insertHookRun(tx, { userId, connectionId, provider, from, to, feed: notice.feed ?? '', counts })
    return true
  })
  if (isRun) edges.telemetry.synced({ provider, trigger: 'webhook', status: 'completed' })
}

/** Doubled each time, and anywhere in the upper half of it, so that those which failed together do not come back together. */
const pauseAfter = (attempts: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2)

async function follow(edges: NoticeEdges, notice: HeldNotice, signal: AbortSignal, counts: FeedCounts): Promise<void> {
  const { db, sealing } = edges
  const { userId } = notice
  switch (notice.kind) {
    case 'records': {
      const { sealed } = notice
      if (!sealed) return
      const records = await db.read({ userId }, (tx) => openNotice(sealing, tx, notice, sealed))
      const job = await jobOf(edges, notice, signal)
      if (!job) return
      await keepRaw(edges, { ...job.run, syncId: null, feed: job.name }, records)
      return takePage(edges, job, records, counts)
    }
    case 'deleted':
      return forget(edges, notice, notice.notice.record ?? '', counts)
    case 'left': {
      if (await stillLetsUsIn(edges, notice, signal)) return
      const name = edges.findProvider(notice.provider)?.name ?? notice.provider
      const { connectionId } = notice
      const message = `${name} no longer lets us in: sign in to it again`
      return db.write({ userId }, (tx) => needSignIn(tx, { userId, connectionId, code: 'auth', message }))
    }
    case 'scopes':
      return followScopes(edges, notice, signal)
    case 'changed':
      return fetchChanged(edges, notice, signal, counts)
  }
}

/** A goodbye may be delivered days after they came back; where that can be asked, the answer counts. */
async function stillLetsUsIn({ calls, findProvider }: NoticeEdges, notice: HeldNotice, signal: AbortSignal) {
  if (!findProvider(notice.provider)?.granted) return false
  try {
    const { http, provider } = await calls.open(notice, { signal })
    await provider.granted?.(http)
    return true
  } catch (error) {
    if (error instanceof ProviderError && (error.fault === 'auth' || error.fault === 'scope')) return false
    throw error
  }
}

/**
 * What the person allows now is asked for, and what they newly allow is read at once. The notice itself may be days old by now, so
 * that nothing it says is taken.
 */
async function followScopes({ db, calls, wakeRunner }: NoticeEdges, notice: HeldNotice, signal: AbortSignal) {
  const { userId, connectionId } = notice
  const { http, scopes, provider } = await calls.open({ userId, connectionId }, { signal })
  if (!provider.granted) throw new Error(`broken assumption: ${provider.id} tells of scopes and says which stand`)
  const granted = await provider.granted(http)
  const outcome = await db.write({ userId }, async (tx) => {
    const noted = await noteScopes(tx, notice, { before: scopes, granted })
    if (noted === 'gained')
      await askConnectionRun(tx, { userId, connectionId, provider: provider.id, trigger: 'webhook' })
    return noted
  })
  if (outcome === 'gained') wakeRunner()
  // Somebody signed in again, or another notice was dealt with: whose answer is the later one, only asking again tells.
  if (outcome === 'changed_meanwhile')
    throw new ProviderError('unavailable', 'what is allowed changed while it was asked for')
}

async function fetchChanged(
  edges: NoticeEdges,
  notice: HeldNotice,
  signal: AbortSignal,
  counts: FeedCounts,
): Promise<void> {
  const { db, calls, clock } = edges
  const { userId, connectionId, provider } = notice
  const { record, window } = notice.notice
  if (!notice.feed) {
    await db.write({ userId }, (tx) => askConnectionRun(tx, { userId, connectionId, provider, trigger: 'webhook' }))
    return edges.wakeRunner()
  }
  const { http, account, scopes, provider: opened } = await calls.open({ userId, connectionId }, { signal })
  const known = await jobOf(edges, notice, signal, opened)
  if (!known) return
  const context: FetchContext = { ...known.context, account, scopes }
  const job: FeedJob = { ...known, http, context }
  const { feed } = job
  if (record && feed.fetchOne) return fetchRecord(edges, job, notice, record, counts)
  if (window && feed.fetch) {
    const pages = feed.fetch(http, window, context)
    return takePages(edges, job, pages, counts)
  }
  const states = await db.read({ userId }, (tx) => listFeedStates(tx, userId, connectionId))
  const state = states.find((one) => one.feed === job.name)
  return fetchFeed(edges, job, windowOf(feed, state, connections.firstSyncDays, clock.now()), counts)
}

/** One that the provider itself says is not there is gone: what nobody signed was worth the question. */
async function fetchRecord(
  edges: NoticeEdges,
  job: FeedJob,
  notice: HeldNotice,
  record: string,
  counts: FeedCounts,
): Promise<void> {
  const pages = job.feed.fetchOne?.(job.http, record, job.context)
  if (!pages) return
  let found = 0
  const counted = async function* () {
    for await (const page of pages) {
      found += page.length
      yield page
    }
  }
  try {
    await takePages(edges, job, counted(), counts)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 404) throw error
  }
  if (!found) await forget(edges, notice, record, counts)
}

async function forget(edges: NoticeEdges, notice: HeldNotice, externalId: string, counts: FeedCounts): Promise<void> {
  const told = [{ kind: 'forget' as const, externalId }]
  const { deleted } = await edges.takeTold({ ...notice, feed: notice.feed ?? '', told })
  counts.fetched += deleted
  counts.updated += deleted
}

/** A list that the provider has no more is nothing to wait for. */
async function jobOf(
  { db, findProvider }: NoticeEdges,
  notice: HeldNotice,
  signal: AbortSignal,
  provider = findProvider(notice.provider),
): Promise<FeedJob | undefined> {
  const { userId, connectionId, account, receivedAt } = notice
  const name = notice.feed ?? ''
  const feed = provider?.feeds[name]
  if (!provider || !feed) return undefined
  const timeZone = await db.read({ userId }, (tx) => findTimeZone(tx, userId))
  // Counted when it is over: no run is under way, so that a sync may be.
  const ids = { syncId: uuidv7(), worker: uuidv7() }
  const run = { userId, connectionId, provider: notice.provider, trigger: 'webhook', startedAt: receivedAt, ...ids }
  const context: FetchContext = { account, scopes: [], now: receivedAt.getTime(), timeZone }
  return { run, providerName: provider.name, name, feed, http: noHttp, context, signal }
}

const unasked = () => Promise.reject(new Error('broken assumption: records that were posted are read without asking'))
const noHttp: FeedJob['http'] = { get: unasked, post: unasked, put: unasked, delete: unasked }

/** Long after a provider would deliver the same again. */
const keptDoneMs = 8 * 86_400_000

export const forgetDealtWith = ({ db, clock }: Pick<FetchEdges, 'db' | 'clock'>): Promise<void> =>
  db.asWriter((tx) => deleteDoneBefore(tx, new Date(clock.now() - keptDoneMs)))
