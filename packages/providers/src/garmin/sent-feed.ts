/**
 * What all of Garmin's feeds have in common: the data are sent to us (`webhook.ts`). Asking without a notice is forbidden by Garmin's
 * terms, so there is no `fetch`; the past is asked for and then sent like everything else.
 */
import { ProviderError } from '../kit/errors.ts'
import { defineFeed, type Feed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { parseJson } from '../kit/parse-json.ts'

const api = '/wellness-api/rest'

type Own<Raw> = Omit<Feed<Raw>, 'windowDays' | 'lookBackDays' | 'fetch' | 'requestHistory' | 'fetchOne' | 'scopes'>

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
    lookBackDays: 0,
    requestHistory: (http, window) => askForHistory(http, backfill, window),
    fetchOne: fetchCallback,
  })
}

/**
 * 202 says no more than that it was heard, 409 that the same stretch was asked for before; the data come later, if there are any.
 * 400 names the earliest time that is given, which is asked for once more.
 */
async function askForHistory(
  http: ProviderHttp,
  type: string,
  { from, to }: Window,
): Promise<'nothing_earlier' | undefined> {
  const ask = (start: number) =>
    http.get(
      `${api}/backfill/${type}`,
      { summaryStartTimeInSeconds: Math.floor(start / 1000), summaryEndTimeInSeconds: Math.ceil(to / 1000) },
      { expects: [400, 409], bytes: true },
    )
  const { status, body } = await ask(from)
  // Another success was said by something between us: who believed it would wait for good.
  if (status !== 202 && status !== 409 && status !== 400)
    throw new ProviderError('bad_data', `Garmin answered ${status} where it says 202`, { status })
  if (status !== 400) return undefined
  const earliest = earliestIn(new TextDecoder().decode(body as Uint8Array | undefined))
  if (earliest !== undefined && earliest > from && earliest < to) await ask(earliest)
  return 'nothing_earlier'
}

/** The latest time in the message is the earliest that is given: `start 2024-01-01T… before min start time of 2024-03-01T…`, or in seconds. */
function earliestIn(message: string): number | undefined {
  const times = message.match(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g) ?? []
  const found = times.map((time) => Date.parse(/Z|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`))
  const seconds = (message.match(/\b\d{10}\b/g) ?? []).map((text) => Number(text) * 1000)
  const all = [...found, ...seconds]
  return all.length ? Math.max(...all) : undefined
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
