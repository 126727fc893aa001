/** Dexcom: glucose in windows of at most 30 days, held back for hours; no webhooks, no paging. */
import type { Account, Kept } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { recordsOf, timesOf } from './records.ts'

const hour = 3_600_000
const dayMs = 24 * hour

// The page does not say what an error's body looks like: this is ours.
const said = (status: number, error: string) => json({ error }, status)

const brand: Brand = {
  id: 'dexcom',
  name: 'Dexcom',
  oauth: {
    authorizePaths: ['/v2/oauth2/login', '/v3/oauth2/login'],
    tokenPaths: ['/v2/oauth2/token', '/v3/oauth2/token'],
    scopes: { offline_access: 'Your glucose, also while you are away' },
    separator: ' ',
    choice: 'all',
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 60,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 7_200,
    oldAccess: 'lives',
    refresh: 'rotates',
    refreshing: 'strict',
    refreshAgain: 'refused',
    answer: ({ accessToken, refreshToken, expiresIn }) => ({
      access_token: accessToken,
      expires_in: expiresIn,
      token_type: 'Bearer',
      refresh_token: refreshToken,
    }),
  },
  limits: {
    windows: [{ requests: 60_000, seconds: 3_600, starts: 'first', per: 'app' }],
    tooMany: () => said(429, 'too many requests'),
  },
  accountId: (ids, { email }) => ids.uuid('user', email),
  records: (ids) => (account) => recordsOf(ids, account),
  routes,
  refuse,
  async tell(_, { notes }, changes) {
    // Deleted events stay in the list, as deleted.
    const gone = changes.filter(({ kind, record }) => kind === 'delete' && record.feed === 'event')
    notes.set('gone', [...goneOf(notes), ...gone.map(({ record }) => record)])
  },
}

const goneOf = (notes: Account['notes']) => (notes.get('gone') ?? []) as readonly Kept[]

function refuse(why: Refused): Response {
  switch (why) {
    case 'no_route':
      return said(404, 'not found')
    case 'wrong_method':
      return said(405, 'method not allowed')
    default:
      return said(401, 'invalid_token')
  }
}

const lists = [
  ['/egvs', 'egv', 'egv'],
  ['/events', 'event', 'event'],
  ['/calibrations', 'calibration', 'calibration'],
  ['/alerts', 'alert', 'alert'],
] as const

function routes({ now }: Site): Route[] {
  return [
    person('GET', '/v3/users/self/dataRange', [], (ask) => rangeOf(ask, now())),
    ...lists.map(([path, feed, recordType]) =>
      person('GET', `/v3/users/self${path}`, [], (ask) => {
        const window = windowOf(ask)
        if (window instanceof Response) return window
        const [from, to] = window
        const records = seen(ask.account, feed, now()).filter(({ at }) => from <= at && at < to)
        return json({ ...headOf(ask.account, recordType), records: records.reverse().map(shown) })
      }),
    ),
    person('GET', '/v3/users/self/devices', [], ({ account }) =>
      json({ ...headOf(account, 'device'), records: devicesOf(account, now()) }),
    ),
  ]
}

const headOf = ({ id }: Account, recordType: string) => ({ recordType, recordVersion: '3.0', userId: id })

/** Hours pass before a reading is given out; an account of another region signs in well and has nothing here. */
function seen(account: Account, feed: string, now: number): Kept[] {
  const { traits, notes } = account
  if (traits.has('other_region')) return []
  const late = (traits.has('us') ? 1 : 3) * hour
  const gone = goneOf(notes).filter((kept) => kept.feed === feed)
  const all = [
    ...account.feed(feed),
    ...gone.map((kept) => ({ ...kept, body: { ...kept.body, eventStatus: 'deleted' } })),
  ]
  return all.filter(({ at }) => at <= now - late).sort((a, b) => a.at - b.at)
}

const shown = ({ feed, body, createdAt, updatedAt }: Kept) =>
  feed === 'event' && body['eventStatus'] === 'created' && updatedAt > createdAt
    ? { ...body, eventStatus: 'updated' }
    : body

const plain = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/

function windowOf({ query }: PersonAsk): [number, number] | Response {
  const texts = ['startDate', 'endDate'].map((name) => query.get(name) ?? '')
  if (!texts.every((text) => plain.test(text)))
    return said(400, 'startDate and endDate must be yyyy-MM-ddTHH:mm:ss, in UTC and without an offset')
  const [from = Number.NaN, to = Number.NaN] = texts.map((text) => Date.parse(`${text}Z`))
  if (!(from < to)) return said(400, 'startDate must be before endDate')
  return to - from > 30 * dayMs ? said(400, 'at most 30 days can be asked for') : [from, to]
}

function rangeOf({ account, query }: PersonAsk, now: number): Response {
  const text = query.get('lastSyncTime')
  if (text !== null && !/(Z|[+-]\d{2}:\d{2})$/.test(text)) return said(400, 'lastSyncTime needs an offset')
  const since = text === null ? 0 : Date.parse(text)
  if (Number.isNaN(since)) return said(400, 'lastSyncTime is no time')
  // Asked for too far back it answers wrongly: as if there were nothing.
  const isWrong = text !== null && since < now - 100 * dayMs
  const blocks = lists.slice(0, 3).flatMap(([path, feed]) => {
    const list = isWrong ? [] : seen(account, feed, now).filter(({ at }) => at >= since)
    const [first, last] = [list[0], list.at(-1)]
    return first && last ? [[path.slice(1), { start: timesIn(first), end: timesIn(last) }]] : []
  })
  return json({ ...headOf(account, 'dataRange'), ...Object.fromEntries(blocks) })
}

const timesIn = ({ body: { systemTime, displayTime } }: Kept) => ({ systemTime, displayTime })

function devicesOf(account: Account, now: number) {
  const last = seen(account, 'egv', now).at(-1)
  if (!last) return []
  const { transmitterId, transmitterGeneration, displayDevice, displayApp } = last.body
  return [
    {
      lastUploadDate: timesOf(account, last.at).systemTime,
      transmitterId,
      transmitterGeneration,
      displayDevice,
      displayApp,
      alertSchedules: [],
    },
  ]
}

export const dexcom = makeCloud(brand)
