/**
 * What all of Garmin's feeds have in common: the data are sent to us (`webhook.ts`). Asking without a notice is forbidden by Garmin's
 * terms, so there is no `fetch`; the past is asked for and then sent like everything else.
 */
import { ProviderError } from '../kit/errors.ts'
import { defineFeed, type Feed, type FetchContext, type HistoryAnswer, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { parseJson } from '../kit/parse-json.ts'

const api = '/wellness-api/rest'

type OfAll = 'windowDays' | 'lookBackDays' | 'fetch' | 'requestHistory' | 'historyScope' | 'fetchOne' | 'scopes'
type Own<Raw> = Omit<Feed<Raw>, OfAll>

/** `backfill`: what the type is called where its past is asked for. */
export function sentFeed<Raw>(
  backfill: string,
  permission: 'ACTIVITY_EXPORT' | 'HEALTH_EXPORT' | 'MCT_EXPORT',
  feed: Own<Raw>,
): Feed {
  return defineFeed({
    ...feed,
    scopes: [permission],
    windowDays: 30, // what Garmin's documents and its partners agree on
    lookBackDays: 7, // a watch may have been away from its phone when what it measured was missed
    requestHistory: (http, window) => askForHistory(http, backfill, window),
    historyScope: 'HISTORICAL_DATA_EXPORT',
    fetchOne: fetchCallback,
  })
}

/**
 * The beginning that Garmin names moves on with its clock, so that a moment later it would lie before it again.
 * Nobody's past begins within a minute.
 */
const movesOnMs = 60_000

/** A stretch that begins too early is asked for once more, from the beginning that Garmin names. */
async function askForHistory(http: ProviderHttp, type: string, { from, to }: Window): Promise<HistoryAnswer> {
  const said = await ask(http, type, { from, to })
  if (typeof said === 'string') return said
  const { earliest } = said
  if (earliest === undefined || earliest + movesOnMs >= to) return 'nothing_earlier'
  const again = await ask(http, type, { from: earliest + movesOnMs, to })
  if (again === 'not_allowed') return again
  if (again !== 'will_come') throw refused('from where it says that the past begins')
  return 'nothing_earlier'
}

/**
 * 202 says no more than that it was heard, 409 that the same stretch was asked for before; the data come later, if there are any. 403
 * is the permission that is not ticked at first. 400 has two meanings, which only its words tell apart. Both ends are cut to
 * the second, so that the next stretch begins where this one ends.
 */
async function ask(
  http: ProviderHttp,
  type: string,
  { from, to }: Window,
): Promise<'will_come' | 'not_allowed' | { earliest: number | undefined }> {
  const { status, body } = await http.get(
    `${api}/backfill/${type}`,
    { summaryStartTimeInSeconds: Math.floor(from / 1_000), summaryEndTimeInSeconds: Math.floor(to / 1_000) },
    { expects: [400, 403, 409], bytes: true },
  )
  if (status === 202 || status === 409) return 'will_come'
  if (status === 403) return 'not_allowed'
  // Another success was said by something between us: who believed it would wait for good.
  if (status !== 400) throw new ProviderError('bad_data', `Garmin answered ${status} where it says 202`, { status })
  const message = new TextDecoder().decode(body as Uint8Array | undefined)
  const earliest = earliestIn(message, from)
  if (/too long|exceed/i.test(message) || !(earliest ?? /before|earliest|min(imum)? start/i.test(message)))
    throw refused('as long as this')
  return { earliest }
}

const refused = (what: string) =>
  new ProviderError('bad_data', `Garmin does not take a stretch of the past ${what}`, { status: 400 })

/** What follows the beginning that was asked for is the earliest that is given: `start 2024-01-01T… before min start time of 2024-03-01T…`, or in seconds. */
function earliestIn(message: string, from: number): number | undefined {
  const times = message.match(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g) ?? []
  const found = times.map((time) => Date.parse(/Z|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`))
  const seconds = (message.match(/\b\d{10}\b/g) ?? []).map((text) => Number(text) * 1000)
  const later = [...found, ...seconds].filter((at) => at > from)
  return later.length ? Math.min(...later) : undefined
}

/** A ping names the address at which what is new waits for us. Garmin's own API, and nowhere else. */
async function* fetchCallback(http: ProviderHttp, callback: string, _context: FetchContext): Pages {
  const { body } = await http.get(callbackPath(callback))
  if (!Array.isArray(body)) throw new ProviderError('bad_data', 'Garmin answered a callback with what is no list')
  yield body
}

/** A file is one download: the notice itself is the record, with the bytes beside it. */
export async function* fetchFile(http: ProviderHttp, notice: string, _context: FetchContext): Pages {
  const { callbackURL, ...item } = parseJson(notice) as { callbackURL?: string }
  const { body } = await http.get(callbackPath(callbackURL ?? ''), undefined, { bytes: true })
  yield [{ ...item, file: body }]
}

/** That it lies at Garmin's host is seen to by `http`; what else is there is none of a notice's business. */
function callbackPath(callback: string): string {
  if (!URL.canParse(callback) || !new URL(callback).pathname.startsWith(`${api}/`))
    throw new ProviderError('bad_data', 'a notice of Garmin points at an address that is not its API')
  return callback
}
