/** A workout as Strava spells it: the detailed form; lists leave some of it out. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Held, round } from '../kit/measured.ts'
import { isoUtc, offsetText, wallClock } from '../kit/times.ts'

/** sport_type, and the older type where it differs. */
const sports: Readonly<Record<string, readonly [string, string?]>> = {
  running: ['Run'],
  running_treadmill: ['Run'],
  running_trail: ['TrailRun', 'Run'],
  running_virtual: ['VirtualRun'],
  walking: ['Walk'],
  hiking: ['Hike'],
  cycling: ['Ride'],
  cycling_indoor: ['Ride'],
  cycling_gravel: ['GravelRide', 'Ride'],
  cycling_mountain: ['MountainBikeRide', 'Ride'],
  cycling_virtual: ['VirtualRide'],
  swimming_pool: ['Swim'],
  swimming_open_water: ['Swim'],
  rowing: ['Rowing'],
  strength: ['WeightTraining'],
  yoga: ['Yoga'],
}

const onFoot = /^(Run|TrailRun|VirtualRun|Walk|Hike)$/

export const isOnFoot = (sportType: unknown): boolean => onFoot.test(String(sportType))

export function* activitiesOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const held of account.measured.sessions('workout')) {
    const { reading, key } = held
    const id = ids.integer(11, 'activity', key)
    yield {
      feed: 'activity',
      id: String(id),
      at: reading.start,
      end: reading.end,
      body: bodyOf(id, held, account, ids),
    }
  }
}

function bodyOf(id: number, { reading, key, device }: Held<SessionReading>, account: Account, ids: Ids) {
  const { start, end, totals, track, title, extra = {} } = reading
  const offset = reading.offset ?? account.measured.offsetAt(start)
  const [sportType, type = sportType] = sports[reading.activity ?? ''] ?? ['Workout']
  const elapsed = Math.round((end - start) / 1000)
  const moving = Math.round(totals['active_duration'] ?? elapsed)
  const distance = round(totals['distance'] ?? 0, 1)
  const upload = ids.integer(11, 'upload', key)
  const isManual = extra['manual'] === true
  const isHidden = extra['visibility'] === 'only_me'
  const heart = totals['heart_rate_avg']
  const watts = totals['power_avg']
  const cadence = totals['cadence_steps_avg'] === undefined ? totals['cadence_avg'] : totals['cadence_steps_avg'] / 2
  const heights = track?.ele ? [...track.ele].filter((metres) => !Number.isNaN(metres)) : []
  const point = (i: number) => (track?.t.length ? [track.lat.at(i), track.lon.at(i)] : [])
  const local =
    extra['hide_start_time'] === true ? `${wallClock(start, offset).slice(0, 10)}T00:00:01` : wallClock(start, offset)
  return {
    resource_state: 3,
    id,
    external_id: isManual ? null : `${reading.externalId}.fit`,
    upload_id: isManual ? null : upload,
    upload_id_str: isManual ? null : String(upload),
    athlete: { id: Number(account.id), resource_state: 1 },
    name: title ?? sportType,
    distance,
    moving_time: moving,
    elapsed_time: elapsed,
    total_elevation_gain: round(totals['elevation_gain'] ?? 0, 1),
    type,
    sport_type: sportType,
    workout_type: 0,
    start_date: isoUtc(start).replace('.000', ''),
    start_date_local: `${local}Z`, // The wall clock with a Z that is not true.
    timezone: `(GMT${offsetText(offset)}) ${account.timeZone}`,
    utc_offset: offset * 60,
    start_latlng: point(0),
    end_latlng: point(-1),
    map: { id: `a${id}`, summary_polyline: track ? polyline(track.lat, track.lon, 40) : '' },
    trainer: /indoor|treadmill/.test(reading.activity ?? ''),
    commute: false,
    manual: isManual,
    private: isHidden,
    visibility: isHidden ? 'only_me' : 'everyone',
    flagged: false,
    gear_id: gearOf(account.id, sportType),
    average_speed: round(totals['speed_avg'] ?? (moving ? distance / moving : 0), 3),
    max_speed: round(totals['speed_max'] ?? 0, 3),
    ...(cadence === undefined ? {} : { average_cadence: round(cadence, 1) }),
    has_heartrate: heart !== undefined,
    ...(heart === undefined
      ? {}
      : { average_heartrate: round(heart, 1), max_heartrate: totals['heart_rate_max'] ?? heart }),
    ...(watts === undefined
      ? {}
      : {
          average_watts: round(watts, 1),
          max_watts: totals['power_max'] ?? watts,
          weighted_average_watts: Math.round(watts * 1.03),
          kilojoules: round((watts * moving) / 1000, 1), // work on the pedals, not energy spent
          device_watts: extra['estimated'] !== true,
        }),
    ...(heights.length ? { elev_high: Math.max(...heights), elev_low: Math.min(...heights) } : {}),
    ...(isManual ? {} : { device_name: device.name }),
    description: null,
    calories: round(totals['energy_active'] ?? 0, 1),
    laps: lapsOf(id, reading),
    splits_metric: [],
    gear: { id: gearOf(account.id, sportType), resource_state: 2, name: gearName(sportType), distance: 0 },
  }
}

/** What only `GET /activities/{id}` tells. */
const detailed = new Set(['calories', 'laps', 'splits_metric', 'description', 'gear'])

export const summaryOf = (body: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(body).filter(([name]) => !detailed.has(name))),
  resource_state: 2,
})

function lapsOf(id: number, { start, parts }: SessionReading) {
  return parts
    .filter(({ kind }) => kind === 'lap')
    .map((lap, i) => ({
      id: id * 10 + i,
      resource_state: 2,
      name: `Lap ${i + 1}`,
      activity: { id, resource_state: 1 },
      elapsed_time: Math.round((lap.end - lap.start) / 1000),
      moving_time: Math.round((lap.end - lap.start) / 1000),
      start_date: isoUtc(lap.start).replace('.000', ''),
      start_index: Math.round((lap.start - start) / 5_000),
      distance: round(lap.totals?.['distance'] ?? 0, 1),
      average_speed: round(lap.totals?.['speed_avg'] ?? 0, 3),
      ...(lap.totals?.['heart_rate_avg'] === undefined ? {} : { average_heartrate: lap.totals['heart_rate_avg'] }),
      ...(lap.totals?.['power_avg'] === undefined ? {} : { average_watts: lap.totals['power_avg'] }),
      lap_index: i + 1,
      split: i + 1,
    }))
}

export const gearOf = (account: string, sportType: string): string =>
  `${/Ride/.test(sportType) ? 'b' : 'g'}${account.slice(0, 7)}`

export const gearName = (sportType: string): string => (/Ride/.test(sportType) ? 'Everyday bike' : 'Everyday shoes')

/** Google's encoded polyline of at most so many points. */
function polyline(lat: Float64Array, lon: Float64Array, most: number): string {
  const step = Math.max(1, Math.ceil(lat.length / most))
  let [text, y, x] = ['', 0, 0]
  const write = (difference: number) => {
    let bits = difference < 0 ? ~(difference << 1) : difference << 1
    for (; bits >= 0x20; bits >>= 5) text += String.fromCharCode((0x20 | (bits & 0x1f)) + 63)
    text += String.fromCharCode(bits + 63)
  }
  for (let i = 0; i < lat.length; i += step) {
    const [nextY, nextX] = [Math.round((lat[i] ?? 0) * 1e5), Math.round((lon[i] ?? 0) * 1e5)]
    write(nextY - y)
    write(nextX - x)
    ;[y, x] = [nextY, nextX]
  }
  return text
}
