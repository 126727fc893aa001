/** A list that a provider offers, and how its records become readings. Pure but for the requests it asks `http` to make. */
import type { ActivityType, MetricId, Reading, SessionType, SourceClaim } from '@tributary/protocol'
import type { z } from 'zod'
import type { ProviderHttp } from './http.ts'
import type { Words } from './words.ts'

/** ms since 1970; `from` included, `to` not. */
export interface Window {
  from: number
  to: number
}

/** What measured, when a record says: a device or app inside the connection. `key` tells it apart from all others of the connection. */
export interface RecordSource extends SourceClaim {
  key: string
  name: string
}

/** A record that is gone at the provider. Samples of it go by the id they were stored under; sessions and events by their external id. */
export interface Forget {
  kind: 'forget'
  externalId: string
}

/**
 * The original file of a session, as the bytes the provider gave us: the only form in which some have its course. Told beside its
 * session or by itself, with the session's external id; the server reads it with the parser of its format. Of a file with several
 * sessions the first has the external id, the others are `<externalId>/2`, `<externalId>/3` …
 */
export interface ToldFile {
  kind: 'file'
  format: 'fit' | 'tcx' | 'gpx'
  bytes: Uint8Array
  externalId: string
}

/**
 * The thing that the record names (`Feed.source`) is there, though it measured nothing in this record. It is kept where that thing is a
 * device of the person; it is no reading, and counts as none.
 */
export interface ToldThing {
  kind: 'thing'
  /** When its provider last heard from it, ms. */
  seen?: number
  /** How full its battery is, 0 to 100 per cent. */
  battery?: number
}

/**
 * A session that a person means to do, out of the provider's calendar. Told again by its external id it is the same plan, and all of it
 * counts: what the new telling lacks is not planned any more. What its person changed of it stays.
 */
export interface ToldPlan {
  kind: 'plan'
  externalId: string
  /** YYYY-MM-DD on the person's own calendar. */
  date: string
  /** ms, where it has a time; on that date, wherever the person is then. */
  start?: number
  activity?: ActivityType
  title: string
  description?: string
  /** Seconds. */
  duration?: number
  /** Metres. */
  distance?: number
}

/**
 * The provider's calendar was read whole from one date to another, both in, and held these plans and no others: those to come that were
 * told before and are not among them are gone. Only told of what one answer held, or what changed between two would count as gone.
 */
export interface ToldCalendar {
  kind: 'calendar'
  from: string
  /** Absent: to its end. */
  to?: string
  externalIds: readonly string[]
  /** When it was asked for, ms: what was told after that is none of its business. */
  asked: number
}

/**
 * A session that is told again by its external id, by this feed or another of the provider, adds to what was told before: what the new
 * telling has replaces, what it lacks (a title, a total, parts, track, streams) stays. So a summary that is corrected loses no course,
 * and it does not matter whether summary, details or file came first. What a file tells gives way to the provider's own title,
 * activity and totals, and comes before them in everything else.
 */
export type Told = Reading | Forget | ToldFile | ToldThing | ToldPlan | ToldCalendar

export interface FetchContext {
  /** The provider's id of the account. */
  account: string
  scopes: readonly string[]
  now: number
  /** IANA zone of the person. */
  timeZone: string
  /**
   * Whether a record of this version (`Feed.version`) was read before: what a list names again in its look-back need not be fetched in
   * detail again. Absent: nothing is known.
   */
  isKnown?(key: string, rank: number): Promise<boolean>
}

export interface ReadContext {
  account: string
  now: number
  timeZone: string
}

/**
 * What became of asking for a stretch of the past: it will come · `nothing_earlier`: it will, as far as there is any, and the provider
 * gives nothing from before it · `not_allowed`: the person keeps their past to themselves.
 */
export type HistoryAnswer = 'will_come' | 'nothing_earlier' | 'not_allowed'

/** One page of records as the provider answered them (or as the feed put them together from several answers). */
export type Pages = AsyncIterable<readonly unknown[]>

/** `windowDays` of a list that has no past: what it answers is what stands there now, so that one question covers any stretch. */
export const timeless = 36_500

export interface Feed<Raw = unknown> {
  /** For people: `Sleep`. */
  title: Words
  /** Scopes without any of which it is not asked for. Absent: it needs none of its own. */
  scopes?: readonly string[]
  /**
   * Not every app may have it, and no scope tells (Oura's stress): where it alone is refused, the run is complete all the same. It is
   * asked for again from where it was read last.
   */
  mayBeRefused?: true
  /** What it brings, for the connect page. */
  brings: readonly (MetricId | SessionType)[]
  /** The longest stretch one `fetch` is asked for; `timeless` for a list that knows no dates. */
  windowDays: number
  /** How far before the cursor is asked again, for late and corrected data. */
  lookBackDays: number
  /** How far back the provider goes, where it says so. */
  historyDays?: number
  /** Absent for what a provider only sends by itself (Garmin). */
  fetch?(http: ProviderHttp, window: Window, context: FetchContext): Pages
  /**
   * Asks for a stretch of the past, `windowDays` at most, that will arrive through `webhook` later (Garmin). Stretches that meet in
   * one moment do not overlap.
   */
  requestHistory?(http: ProviderHttp, window: Window, context: FetchContext): Promise<HistoryAnswer>
  /** The scope without which the past is not given. What is new comes all the same. */
  historyScope?: string
  /** One record that a notice named, by its id or, of some, a URL to fetch it from. */
  fetchOne?(http: ProviderHttp, record: string, context: FetchContext): Pages
  /** What a record must look like to be read; fields that are not named pass. A record that does not fit goes to quarantine with the reason. */
  raw: z.ZodType<Raw>
  /** What measured this record. Absent, or undefined: the connection itself. Feeds that tell of one session name one source, or it is two. */
  source?(record: Raw): RecordSource | undefined
  /** One record becomes readings. The same record always becomes the same readings. */
  read(record: Raw, context: ReadContext): Iterable<Told>
  /**
   * Where a provider sends the same record again and the last to arrive need not be the best: of records with one `key` those
   * with a lower `rank` than one already read are passed over. Absent: the last to arrive counts.
   */
  version?(record: Raw): { key: string; rank: number }
  /** Fields that a record may have and that have no meaning to us, each with the reason: `{'map.polyline': 'a coarser form of the track'}`. */
  unused: Readonly<Record<string, string>>
  /** Fields that count in some records and not in others, each with the reason: `{vo2MaxCycling: 'where there is none on foot'}`. */
  sometimes?: Readonly<Record<string, string>>
}

/** Gives the literal its type, so that `read` knows what `raw` let through. */
export function defineFeed<Raw>(feed: Feed<Raw>): Feed {
  return feed as unknown as Feed
}
