/** Positions outside of sessions: one row of `tracks` an hour of UTC, merged by time. */
import type { Track } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { decodeTrack, encodeTrack } from '../platform/tracks/track-codec.ts'
import type { Way } from './sifted.ts'
import type { Counts, Of } from './tally.ts'
import { deleteHour, findHour, findHours, putHour } from './ways.queries.ts'

const hourMs = 3_600_000

interface Position {
  lat: number
  lon: number
  ele: number
}

type Hour = Map<number, Position>

export async function storeWays(tx: Write, of: Of, ways: readonly Way[], counts: Counts): Promise<void> {
  const hours = new Map<number, Hour>()
  for (const { reading, track } of ways) {
    for (let i = 0; i < track.t.length; i++) {
      const time = Math.round(track.t[i] as number)
      const start = Math.floor(time / hourMs) * hourMs
      const hour = hours.get(start) ?? hourOf(await findHour(tx, of, start))
      hours.set(start, hour)
      const position = kept(track, i)
      const known = hour.get(time)
      counts.add(reading, !known ? 'accepted' : isSame(known, position) ? 'duplicates' : 'changed')
      hour.set(time, position)
    }
  }
  for (const [start, hour] of hours) await putHour(tx, of, start, rowOf(hour))
}

/** As precise as it is stored, so that what is sent twice is known again: 1e-7 degrees, a millimetre. */
function kept({ lat, lon, ele }: Required<Track>, i: number): Position {
  const degrees = (value: number) => Math.round(value * 1e7) / 1e7 + 0
  return {
    lat: degrees(lat[i] as number),
    lon: degrees(lon[i] as number),
    ele: Math.round((ele[i] as number) * 1e3) / 1e3 + 0,
  }
}

const isSame = (a: Position, b: Position): boolean => a.lat === b.lat && a.lon === b.lon && Object.is(a.ele, b.ele)

function hourOf(data: Buffer | null): Hour {
  if (!data) return new Map()
  const { t, lat, lon, ele } = decodeTrack(data)
  return new Map(
    Array.from(t, (time, i) => [time, { lat: lat[i] as number, lon: lon[i] as number, ele: ele[i] as number }]),
  )
}

function rowOf(hour: Hour): { first: number; last: number; n: number; data: Buffer } {
  const times = Float64Array.from(hour.keys()).sort()
  const column = (part: keyof Position) => Float64Array.from(times, (time) => hour.get(time)?.[part] ?? Number.NaN)
  return {
    first: times[0] as number,
    last: times[times.length - 1] as number,
    n: times.length,
    data: encodeTrack({ t: times, lat: column('lat'), lon: column('lon'), ele: column('ele') }),
  }
}

/** Removes the positions of [from, to) and says how many there were. */
export async function forgetPositions(tx: Write, of: Of, from: number, to: number): Promise<number> {
  let deleted = 0
  for (const { start_at, data } of await findHours(tx, of, from, to)) {
    const hour = hourOf(data)
    const gone = [...hour.keys()].filter((time) => time >= from && time < to)
    if (!gone.length) continue
    for (const time of gone) hour.delete(time)
    deleted += gone.length
    if (hour.size) await putHour(tx, of, start_at.getTime(), rowOf(hour))
    else await deleteHour(tx, of, start_at)
  }
  return deleted
}
