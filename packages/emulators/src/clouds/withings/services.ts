/** The services: a path and an action, fields in a form, scopes by action. */
import type { Account, Kept } from '../kit/accounts.ts'
import { pageOf } from '../kit/paging.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Site } from '../kit/site.ts'
import { readDate, unix } from '../kit/times.ts'
import { intradayOf, segmentsOf, spanMs } from './activity.ts'
import { deviceOf, goalOf } from './measures.ts'
import { notifyActions } from './notify.ts'
import { codes, no, ok } from './reply.ts'

export interface Call extends PersonAsk {
  fields: URLSearchParams
  site: Site
}

export interface Action {
  scope?: string
  answer(call: Call): Response | Promise<Response>
}

const pageSize = 100

const metrics = 'user.metrics'
const activity = 'user.activity'

const services: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  '/measure': { getmeas: { scope: metrics, answer: getMeasures } },
  '/v2/measure': {
    getactivity: { scope: activity, answer: (call) => listDays(call, 'activity', 'activities') },
    getintradayactivity: { scope: activity, answer: getIntraday },
    getworkouts: { scope: activity, answer: (call) => listDays(call, 'workout', 'series') },
  },
  '/v2/sleep': {
    get: { scope: activity, answer: getSleep },
    getsummary: { scope: activity, answer: (call) => listDays(call, 'sleep', 'series') },
  },
  '/v2/heart': {
    list: { scope: metrics, answer: listHeart },
    get: { scope: metrics, answer: getHeart },
  },
  '/v2/user': {
    getdevice: { scope: 'user.info', answer: ({ account }) => ok({ devices: devicesOf(account) }) },
    getgoals: {
      scope: 'user.info',
      answer: () => ok({ goals: { steps: 10_000, sleep: 28_800, weight: { value: 70_000, unit: -3 } } }),
    },
  },
  '/notify': notifyActions,
}

/** Documented as POST; GET answers too. */
export const serviceRoutes = (site: Site): Route[] =>
  Object.entries(services).flatMap(([path, actions]) =>
    ['POST', 'GET'].map((method) => person(method, path, [], (ask) => act(site, actions, ask))),
  )

function act(site: Site, actions: Readonly<Record<string, Action>>, ask: PersonAsk): Response | Promise<Response> {
  const fields = new URLSearchParams([...ask.query, ...ask.form])
  const action = actions[fields.get('action') ?? '']
  if (!action) return no(codes.notImplemented, 'There is no such action')
  if (action.scope && !ask.grant.scopes.includes(action.scope)) return no(codes.forbidden, `Needs ${action.scope}`)
  return action.answer({ ...ask, fields, site })
}

/** Whole seconds as ms; null for what is none. */
function time(fields: URLSearchParams, name: string, otherwise: number): number | null {
  const text = fields.get(name)
  if (text === null) return otherwise
  return /^\d+$/.test(text) ? Number(text) * 1000 : null
}

const listed = (fields: URLSearchParams, name: string) => (fields.get(name) ?? '').split(',').filter(Boolean)

const stamped = ({ body, createdAt, updatedAt }: Kept): Record<string, unknown> => ({
  ...body,
  created: unix(createdAt),
  modified: unix(updatedAt),
})

function getMeasures({ account, fields, site }: Call): Response {
  const since = time(fields, 'lastupdate', -1)
  const [from, to] = [time(fields, 'startdate', 0), time(fields, 'enddate', site.now())]
  const offset = Number(fields.get('offset') ?? 0)
  if (since === null || from === null || to === null || !Number.isInteger(offset))
    return no(codes.invalid, 'Invalid Params: dates are epoch seconds')
  if (since >= 0 && (fields.has('startdate') || fields.has('enddate')))
    return no(codes.invalid, 'Invalid Params: lastupdate excludes startdate and enddate')
  const wanted = [...listed(fields, 'meastypes'), ...listed(fields, 'meastype')].map(Number)
  const found = account
    .feed('measure')
    .filter(({ at, updatedAt }) => (since >= 0 ? updatedAt > since : at >= from && at <= to))
    .reverse()
    .map(stamped)
    .flatMap((group) => {
      const all = group['measures'] as { type: number }[]
      const measures = wanted.length ? all.filter(({ type }) => wanted.includes(type)) : all
      return measures.length ? [{ ...group, measures }] : []
    })
  const category = fields.get('category')
  const groups = [...(category === '2' ? [] : found), ...(category === '1' ? [] : [goalOf(account)])]
  const { page, next } = pageOf<Record<string, unknown>>(groups, offset, pageSize)
  return ok({
    updatetime: unix(site.now()),
    timezone: account.timeZone,
    measuregrps: page,
    more: next === undefined ? 0 : 1,
    offset: next ?? 0,
  })
}

/** Lists by local date or by `lastupdate`; what is in `data` only as far as it is named. */
function listDays({ account, fields }: Call, feed: string, name: string): Response {
  const since = time(fields, 'lastupdate', -1)
  const [from, to] = [readDate(fields.get('startdateymd')), readDate(fields.get('enddateymd'))]
  const offset = Number(fields.get('offset') ?? 0)
  if (since === null || !Number.isInteger(offset)) return no(codes.invalid, 'Invalid Params')
  if (since < 0 && (from === null || to === null))
    return no(codes.invalid, 'Invalid Params: startdateymd and enddateymd, or lastupdate')
  const wanted = listed(fields, 'data_fields')
  const isWanted = ({ date = '', updatedAt }: Kept) => {
    const day = Date.parse(`${date}T00:00:00Z`)
    return since >= 0 ? updatedAt > since : day >= (from ?? 0) && day <= (to ?? 0)
  }
  const rows = account
    .feed(feed)
    .filter(isWanted)
    .map((kept) => {
      const { data, created, ...rest } = stamped(kept)
      const told = Object.fromEntries(
        Object.entries(data as Record<string, unknown>).filter(([field]) => wanted.includes(field)),
      )
      return feed === 'activity'
        ? { ...rest, ...told }
        : { ...rest, ...(feed === 'sleep' ? { created } : {}), data: told }
    })
  const { page, next } = pageOf(rows, offset, pageSize)
  return ok({ [name]: page, more: next !== undefined, offset: next ?? 0 })
}

/** At most a day, from its beginning. */
function windowOf({ fields }: Call): { from: number; to: number } | null {
  const [from, to] = [time(fields, 'startdate', -1), time(fields, 'enddate', -1)]
  return from === null || to === null || from < 0 || to < from ? null : { from, to: Math.min(to, from + spanMs) }
}

function getIntraday(call: Call): Response {
  const window = windowOf(call)
  if (!window) return no(codes.invalid, 'Invalid Params: startdate and enddate')
  const wanted = new Set([...listed(call.fields, 'data_fields'), 'duration'])
  const rows = [...intradayOf(call.account, window.from, window.to)].flatMap(([second, row]) => {
    const told = Object.entries(row).filter(([field]) => wanted.has(field))
    return told.some(([field]) => field !== 'duration') ? [[second, Object.fromEntries(told)] as const] : []
  })
  // An empty map is written as a list.
  return ok({ series: rows.length ? Object.fromEntries(rows) : [] })
}

function getSleep(call: Call): Response {
  const window = windowOf(call)
  if (!window) return no(codes.invalid, 'Invalid Params: startdate and enddate')
  const fields = listed(call.fields, 'data_fields')
  return ok({ series: segmentsOf(call.account, window.from, window.to, fields), model: 32 })
}

function listHeart({ account, fields, site }: Call): Response {
  const [from, to] = [time(fields, 'startdate', 0), time(fields, 'enddate', site.now())]
  const offset = Number(fields.get('offset') ?? 0)
  if (from === null || to === null || !Number.isInteger(offset)) return no(codes.invalid, 'Invalid Params')
  const found = account.feed('ecg').filter(({ at }) => at >= from && at <= to)
  const { page, next } = pageOf(found, offset, pageSize)
  const series = page.map((kept) => {
    const { signal, created, ...rest } = stamped(kept)
    return rest
  })
  return ok({ series, more: next !== undefined, offset: next ?? 0 })
}

function getHeart({ account, fields }: Call): Response {
  const kept = account.find('ecg', fields.get('signalid') ?? '')
  if (!kept) return no(codes.nothing, 'There is no such signal')
  return ok({ signal: kept.body['signal'], sampling_frequency: 300, wearposition: 0 })
}

function devicesOf(account: Account) {
  return account
    .things()
    .filter(({ device }) => device.manufacturer === 'Withings')
    .map(({ device, measured }) => {
      const { modelid, ...rest } = deviceOf(device)
      const last = ['body_mass', 'heart_rate', 'steps'].flatMap((metric) => measured.column(metric).t.at(-1) ?? [])
      return {
        type: /Body/.test(device.model)
          ? 'Scale'
          : /BPM/.test(device.model)
            ? 'Blood Pressure Monitor'
            : 'Activity Tracker',
        ...rest,
        model_id: modelid,
        battery: 'high',
        timezone: account.timeZone,
        last_session_date: last.length ? unix(Math.max(...last)) : null,
      }
    })
}
