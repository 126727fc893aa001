/** Sums and means of a data type, by windows of time or of local days. */
import { localTime } from '../../people/local-time.ts'
import { json } from '../kit/answers.ts'
import { markOf, pageOf, readMark } from '../kit/paging.ts'
import { jsonOf, type PersonAsk } from '../kit/router.ts'
import { fault } from './fault.ts'
import { pointsOf, typeOf } from './points.ts'
import { civil, rfc } from './times.ts'
import { type Body, camel, type Point } from './types.ts'

const dayMs = 86_400_000

const record = (value: unknown): Body => (typeof value === 'object' && value !== null ? { ...value } : {})

/** Windows of physical time. */
export function rollUp(ask: PersonAsk): Response {
  const body = jsonOf(ask) ?? {}
  const { startTime, endTime } = record(body['range'])
  const [from, to] = [Date.parse(String(startTime)), Date.parse(String(endTime))]
  const step = Number(/^(\d+)s$/.exec(String(body['windowSize']))?.[1]) * 1000
  if (!(from < to) || !(step > 0)) return fault(400, 'Invalid range or windowSize')
  const windows = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
  return rolled(
    ask,
    body,
    [from, to],
    windows.map((start) => {
      const end = Math.min(start + step, to) // the last one may be shorter
      return { start, end, head: { startTime: rfc(start), endTime: rfc(end) } }
    }),
    [1_440, 10_000],
  )
}

/** Windows of local days; as many as a range may have are on one page, unless fewer are asked for. */
export function dailyRollUp(ask: PersonAsk): Response {
  const body = jsonOf(ask) ?? {}
  const range = record(body['range'])
  const dateIn = (name: string) => {
    const { year, month, day } = record(record(range[name])['date'])
    return Date.UTC(Number(year), Number(month) - 1, Number(day))
  }
  const [from, to] = [dateIn('start'), dateIn('end')]
  const days = Number(body['windowSizeDays'] ?? 1)
  if (!(from < to) || !(days > 0)) return fault(400, 'Invalid range or windowSizeDays')
  const { timeZone, measured } = ask.account
  const windows = Array.from({ length: Math.ceil((to - from) / dayMs / days) }, (_, i) => {
    const midnight = (t: number) => localTime(timeZone, rfc(t).slice(0, 10), 0)
    const [start, end] = [midnight(from + i * days * dayMs), midnight(from + (i + 1) * days * dayMs)]
    const told = (t: number) => civil(t, measured.offsetAt(t))
    return { start, end, head: { civilStartTime: told(start), civilEndTime: told(end) } }
  })
  return rolled(ask, body, [from, to], windows)
}

interface Span {
  start: number
  end: number
  head: Body
}

/** `pages`: how many windows are on one when nothing is said, and at most. */
function rolled(
  ask: PersonAsk,
  body: Body,
  [from, to]: readonly [number, number],
  windows: readonly Span[],
  pages?: readonly [number, number],
): Response {
  const { account } = ask
  const known = typeOf(ask, body['dataSourceFamily'] === undefined ? null : String(body['dataSourceFamily']))
  if (known instanceof Response) return known
  const { type, how, isOwn } = known
  const { rollUp, total, cap = 90 } = how
  if (!rollUp && !total) return fault(400, `${type} cannot be rolled up`)
  if (to - from > cap * dayMs) return fault(400, `The range is longer than ${cap} days`)
  const [usual, most] = pages ?? [cap, cap]
  const size = Math.min(most, Number(body['pageSize'] ?? usual))
  const at = body['pageToken'] === undefined ? 0 : readMark(String(body['pageToken']))
  if (!Number.isInteger(size) || size < 1 || at === null) return fault(400, 'Invalid pageSize or pageToken')
  const points = isOwn || !rollUp ? [] : pointsOf(account, type).sort((a, b) => a.start - b.start)
  const energies = (start: number, end: number) =>
    isOwn ? [] : ['energy_active', 'energy_basal'].flatMap((metric) => account.measured.between(metric, start, end).v)
  const tell = (start: number, end: number): Body | undefined => {
    if (total) {
      const values = energies(start, end)
      return values.length ? total(values) : undefined
    }
    const messages = messagesIn(points, type, start, end)
    return messages.length ? rollUp?.(messages) : undefined
  }
  const all = windows.flatMap(({ start, end, head }) => {
    const value = tell(start, end)
    return value ? [{ ...head, [camel(type)]: value }] : []
  })
  const { page, next } = pageOf(all, at, size)
  return json({ rollupDataPoints: page, ...(next === undefined ? {} : { nextPageToken: markOf(next) }) })
}

const messagesIn = (points: readonly Point[], type: string, from: number, to: number): Body[] =>
  points.flatMap(({ start, value }) => (start >= from && start < to ? [value[camel(type)] as Body] : []))
