/**
 * What Garmin sends: whole summaries (push), or addresses to fetch them from (ping, by an account's trait `ping`); files only by address.
 * There is no signature: a header says whose app it is for.
 */
import type { Account, Change, Kept } from '../kit/accounts.ts'
import { bytes, json } from '../kit/answers.ts'
import { fitOf } from '../kit/fit.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { unix } from '../kit/times.ts'

const hour = 3_600_000

/** Pauses that grow, for seven days; the timetable is ours. */
const style = {
  patience: 30_000,
  retries: [1 / 60, 1 / 12, 0.5, 2, 8, 24, 72, 167].map((hours) => hours * hour),
  isTaken: (status: number) => status === 200,
}

/** Envelope key to the path it is pulled and backfilled by. */
export const paths: Readonly<Record<string, string>> = {
  dailies: 'dailies',
  epochs: 'epochs',
  sleeps: 'sleeps',
  bodyComps: 'bodyComps',
  stressDetails: 'stressDetails',
  userMetrics: 'userMetrics',
  pulseox: 'pulseOx',
  allDayRespiration: 'respiration',
  hrv: 'hrv',
  bloodPressures: 'bloodPressures',
  skinTemp: 'skinTemp',
  activities: 'activities',
  activityDetails: 'activityDetails',
  healthSnapshot: 'healthSnapshot',
  moveIQActivities: 'moveiq',
  mct: 'mct',
}

export function permissionOf(feed: string): string {
  if (feed === 'mct') return 'MCT_EXPORT'
  return /^activit|^moveIQ/.test(feed) ? 'ACTIVITY_EXPORT' : 'HEALTH_EXPORT'
}

/** What the person ticked, without what they took back later: traits `no_health`, `no_activity`, `no_history`. */
export function permissionsOf(site: Site, { id, traits }: Account, app: App): string[] {
  const taken: Record<string, string> = {
    HEALTH_EXPORT: 'no_health',
    ACTIVITY_EXPORT: 'no_activity',
    HISTORICAL_DATA_EXPORT: 'no_history',
  }
  const ticked = new Set(site.grants.live(id, app.clientId).flatMap(({ scopes }) => scopes))
  return [...ticked].filter((permission) => !traits.has(taken[permission] ?? ''))
}

async function send({ courier }: Site, app: App, envelope: Record<string, unknown>): Promise<void> {
  if (!app.webhookUrl) return
  const body = JSON.stringify(envelope)
  const make = () => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'garmin-client-id': app.clientId },
  })
  await courier.deliver(app.webhookUrl, make, style)
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const app of site.appsOf(account)) {
    // Nobody is told of deletions.
    const records = changes.filter(({ kind }) => kind !== 'delete')
    const edited = records
      .filter(({ kind, record }) => kind === 'update' && record.feed === 'activities')
      .map(({ record }) => record)
    await deliver(
      site,
      account,
      app,
      records.map(({ record }) => record).filter((record) => !edited.includes(record)),
    )
    if (edited.length) await deliver(site, account, app, edited, 'manuallyUpdatedActivities')
  }
}

/** What came to Garmin from somebody else's device has another name: trait `third_party`. */
const nameOf = ({ traits }: Account, key: string): string =>
  traits.has('third_party') ? `third-party${key.charAt(0).toUpperCase()}${key.slice(1)}` : key

/** A request for each key, or one for all: trait `mixed`. */
export async function deliver(
  site: Site,
  account: Account,
  app: App,
  records: readonly Kept[],
  as?: string,
): Promise<void> {
  const permissions = permissionsOf(site, account, app)
  const byFeed = [...Map.groupBy(records, ({ feed }) => feed)].filter(([feed]) =>
    permissions.includes(permissionOf(feed)),
  )
  const lists = byFeed.map(([feed, list]): [string, unknown[]] => {
    const key = as ?? feed
    const isPing = account.traits.has('ping')
    const items = isPing ? [pingOf(site, app, account, key, list)] : list.map(({ body }) => spelt(account, body))
    return [nameOf(account, key), items]
  })
  const envelopes = account.traits.has('mixed') ? [lists] : lists.map((list) => [list])
  for (const envelope of envelopes) if (envelope.length) await send(site, app, Object.fromEntries(envelope))
  for (const [feed, list] of byFeed) if (feed === 'activities') await tellFiles(site, account, app, list)
}

/** Names of before, where the account is told by an older version of the API: trait `old_spelling`. */
const oldNames: Readonly<Record<string, string>> = {
  averageStressLevel: 'averageStresslevel',
  unmeasurableSleepInSeconds: 'unmeasurableSleepDurationInSeconds',
  remSleepInSeconds: 'remSleepDurationInSeconds',
}
const spelt = ({ traits }: Account, body: Kept['body']) =>
  traits.has('old_spelling')
    ? Object.fromEntries(Object.entries(body).map(([name, value]) => [oldNames[name] ?? name, value]))
    : body

interface Notice {
  account: string
  ids: ReadonlySet<string>
  until: number
}

const noticesOf = ({ notes }: App) => {
  const notices = (notes.get('notices') ?? new Map()) as Map<string, Notice>
  notes.set('notices', notices)
  return notices
}

function noticeOf(site: Site, app: App, account: Account, records: readonly Kept[]): string {
  const token = site.ids.draw('notice', 24)
  noticesOf(app).set(token, {
    account: account.id,
    ids: new Set(records.map(({ id }) => id)),
    until: site.now() + 24 * hour,
  })
  return token
}

function pingOf(site: Site, app: App, account: Account, key: string, records: readonly Kept[]) {
  const now = unix(site.now())
  const path = paths[key] ?? key
  const url = new URL(`/wellness-api/rest/${path}`, site.options.origin)
  url.search = new URLSearchParams({
    uploadStartTimeInSeconds: String(now),
    uploadEndTimeInSeconds: String(now + 3_600),
    token: noticeOf(site, app, account, records),
  }).toString()
  return { userId: account.id, callbackURL: url.href }
}

async function tellFiles(site: Site, account: Account, app: App, records: readonly Kept[]): Promise<void> {
  const activityFiles = records
    .filter(({ body }) => body['manual'] !== true)
    .map((record) => {
      const { summaryId, startTimeInSeconds, activityId, activityName, manual } = record.body
      const url = new URL('/wellness-api/rest/activityFile', site.options.origin)
      url.search = new URLSearchParams({
        id: String(activityId),
        token: noticeOf(site, app, account, [record]),
      }).toString()
      return {
        userId: account.id,
        summaryId,
        fileType: 'FIT',
        callbackURL: url.href,
        startTimeInSeconds,
        activityId,
        activityName,
        manual,
      }
    })
  if (activityFiles.length) await send(site, app, { activityFiles })
}

export const tellLeft = (site: Site, account: Account, app: App): Promise<void> =>
  send(site, app, { deregistrations: [{ userId: account.id }] })

export function tellPermissions(site: Site, account: Account): void {
  for (const app of site.appsOf(account)) {
    const change = {
      userId: account.id,
      permissions: permissionsOf(site, account, app),
      changeTimeInSeconds: unix(site.now()),
    }
    site.courier.later(site.now(), () => send(site, app, { userPermissionsChange: [change] }))
  }
}

const said = (status: number, errorMessage: string) => json({ errorMessage }, status)

export const pullRoutes = (site: Site): Route[] => [
  ...[...Object.entries(paths), ['activities', 'manuallyUpdatedActivities'] as const].map(([feed, path]) =>
    person('GET', `/wellness-api/rest/${path}`, [], (ask) => pull(site, ask, feed)),
  ),
  person('GET', '/wellness-api/rest/activityFile', [], (ask) => fileOf(site, ask)),
]

/** By when it was uploaded, and only with the token of a notice: nobody may ask unbidden. */
function pull(site: Site, { account, app, query }: PersonAsk, feed: string): Response {
  const [from, to] = ['uploadStartTimeInSeconds', 'uploadEndTimeInSeconds'].map((name) =>
    Number(query.get(name) ?? Number.NaN),
  )
  if (from === undefined || to === undefined || !(from <= to))
    return said(400, 'uploadStartTimeInSeconds and uploadEndTimeInSeconds are required')
  if (to - from > 86_400) return said(400, 'time range too long: at most 86400 seconds')
  if (!permissionsOf(site, account, app).includes(permissionOf(feed))) return said(412, 'user permission is missing')
  const notice = noticesOf(app).get(query.get('token') ?? '')
  if (!notice || notice.account !== account.id || notice.until <= site.now())
    return said(400, 'no notice has this token')
  return json(
    account
      .feed(feed)
      .filter(({ id }) => notice.ids.has(id))
      .map(({ body }) => spelt(account, body)),
  )
}

/** Good once, for a day. */
function fileOf(site: Site, { account, app, query }: PersonAsk): Response {
  const token = query.get('token') ?? ''
  const notice = noticesOf(app).get(token)
  noticesOf(app).delete(token)
  const id = query.get('id') ?? ''
  const held = account.measured
    .sessions('workout')
    .find(({ key }) => String(site.ids.integer(11, 'activity', key)) === id)
  if (!notice || notice.account !== account.id || notice.until <= site.now() || !notice.ids.has(id) || !held)
    return said(410, 'the file is no longer offered')
  return bytes(fitOf(held.reading, account.measured, { manufacturer: 1, serial: 3_411_205_877 }))
}
