/** Points made from what was measured, by local day. */
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { mean } from '../kit/measured.ts'
import { entriesOf } from './entries.ts'
import { exertionOf } from './exertion.ts'
import { exercisesOf, lengthsOf, nightsOf } from './sessions.ts'
import { civil, dateParts, offset, rfc, spanOf } from './times.ts'
import { camel, type DataType, type Point, types } from './types.ts'

/** A draft a type and local date: what a notification tells of; nights and exercises are one each. */
export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const [type, how] of Object.entries(types))
    if (how.metric && how.value) yield* how.kind === 'daily' ? dailyOf(type, how, account) : daysOf(type, how, account)
  yield* nightsOf(ids, account)
  yield* exercisesOf(ids, account)
  yield* lengthsOf(account)
  yield* exertionOf(account)
  yield* entriesOf(ids, account)
}

function* daysOf(type: string, { metric = '', kind, value }: DataType, { measured }: Account): Iterable<Draft> {
  const days = new Map<string, Point[]>()
  const { t, v, length } = measured.column(metric)
  for (const [i, start] of t.entries()) {
    const [minutes, date] = [measured.offsetAt(start), measured.dateOf(start)]
    const end = start + (length[i] || (kind === 'interval' ? 60_000 : 0))
    const when =
      kind === 'interval'
        ? {
            interval: { ...spanOf(start, end, minutes, measured.offsetAt(end)), civilStartTime: civil(start, minutes) },
          }
        : { sampleTime: { physicalTime: rfc(start), utcOffset: offset(minutes) } }
    const day = days.get(date) ?? []
    days.set(date, day)
    day.push({ start, end, value: { [camel(type)]: { ...when, ...value?.(v[i] ?? 0) } } })
  }
  for (const [date, points] of days) {
    const [at, end] = [points[0]?.start ?? 0, points.at(-1)?.end ?? 0]
    yield { feed: type, id: `${type}/${date}`, at, end, date, body: { points } }
  }
}

function* dailyOf(type: string, { metric = '', value }: DataType, { measured }: Account): Iterable<Draft> {
  const stated = new Map([...measured.daysOf(metric)].map(([date, day]) => [date, day.value]))
  if (!stated.size) {
    const lists = new Map<string, number[]>()
    const { t, v } = measured.column(metric)
    for (const [i, at] of t.entries()) {
      const date = measured.dateOf(at)
      lists.set(date, [...(lists.get(date) ?? []), v[i] ?? 0])
    }
    for (const [date, list] of lists) stated.set(date, mean(list))
  }
  for (const [date, v] of stated) {
    const start = Date.parse(`${date}T00:00:00Z`)
    const point = { start, end: start, value: { [camel(type)]: { date: dateParts(date), ...value?.(v) } } }
    yield { feed: type, id: `${type}/${date}`, at: start, end: start + 86_400_000, date, body: { points: [point] } }
  }
}
