/** The rows of a workout: one for each moment that the device wrote. */
import type { SessionReading } from '@tributary/protocol'
import type { Account } from '../kit/accounts.ts'
import { along, type Column, round } from '../kit/measured.ts'
import { isOnFoot } from './activity.ts'

type Rows = Record<string, unknown[]>

/** Metres at either end that a privacy zone hides. */
const zoneMetres = 200

const rowMs = 10_000

/** Null for a workout without rows: one that was typed in. */
export function streamsOf(
  account: Account,
  reading: SessionReading,
  sportType: unknown,
  isWhole: boolean,
): Rows | null {
  const { start, end, track, streams } = reading
  const column = (metric: string) => account.measured.between(metric, start, end + 1)
  const heart = column('heart_rate')
  const times = track ? [...track.t] : heart.t
  if (!times.length) return null
  const distance = streams?.['distance']
  const speed = column('speed')
  const rows: Rows = { time: times.map((t) => Math.round((t - start) / 1000)) }
  const add = (name: string, from: Column, tell: (v: number) => number = (v) => v) => {
    if (from.t.length) rows[name] = along(times, from, rowMs).map((v) => (v === null ? null : tell(v)))
  }
  if (distance) add('distance', { t: [...distance.t], v: [...distance.v], length: [] })
  if (track) rows['latlng'] = times.map((_, i) => [round(track.lat[i] ?? 0, 6), round(track.lon[i] ?? 0, 6)])
  if (track?.ele) rows['altitude'] = [...track.ele]
  add('velocity_smooth', speed)
  add('heartrate', heart)
  add('cadence', column('cadence'))
  if (isOnFoot(sportType)) add('cadence', column('cadence_steps'), (steps) => Math.round(steps / 2)) // of one leg
  add('watts', column('power'))
  if (speed.t.length) rows['moving'] = along(times, speed, rowMs).map((v) => (v ?? 0) > 0.1)
  if (rows['altitude'] && rows['distance']) rows['grade_smooth'] = gradesOf(rows['altitude'], rows['distance'])
  return isWhole || !track ? rows : withoutEnds(rows)
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0)

function gradesOf(altitude: readonly unknown[], distance: readonly unknown[]): number[] {
  return altitude.map((_, i) => {
    const from = Math.max(0, i - 4)
    const run = numberOf(distance[i]) - numberOf(distance[from])
    return run > 5 ? Math.round(((numberOf(altitude[i]) - numberOf(altitude[from])) / run) * 1000) / 10 : 0
  })
}

function withoutEnds(rows: Rows): Rows {
  const distance = rows['distance'] ?? []
  const last = numberOf(distance.at(-1))
  const isShown = (_: unknown, i: number) =>
    numberOf(distance[i]) >= zoneMetres && numberOf(distance[i]) <= last - zoneMetres
  return Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values.filter(isShown)]))
}
