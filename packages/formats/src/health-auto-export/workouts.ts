import {
  conversionFor,
  convert,
  type MetricId,
  type SessionReading,
  type Totals,
  type Track,
  tableOf,
} from '@tributary/protocol'
import { type ActivityType, activityFromName } from '@tributary/protocol/activities'
import { placeFault } from '../geo.ts'
import { isRecord } from '../json/records.ts'
import { type Context, type Members, numberIn, textIn, Unfit } from './context.ts'
import { unitSpelled } from './metrics.ts'

/** Fields with a quantity, by the names of either version: the total they are, and the metric whose units they come in. */
// biome-ignore format: a table.
const quantities: Readonly<Record<string, readonly [total: string, metric: MetricId]>> = tableOf({
  activeEnergyBurned: ['energy_active', 'energy_active'], activeEnergy: ['energy_active', 'energy_active'],
  totalEnergy: ['energy_total', 'energy_total'], totalEnergyBurned: ['energy_total', 'energy_total'],
  distance: ['distance', 'distance'], stepCount: ['steps', 'steps'], flightsClimbed: ['floors_climbed', 'floors_climbed'],
  totalSwimmingStrokeCount: ['swim_strokes', 'swim_strokes'],
  avgHeartRate: ['heart_rate_avg', 'heart_rate'], maxHeartRate: ['heart_rate_max', 'heart_rate'], minHeartRate: ['heart_rate_min', 'heart_rate'],
  speed: ['speed_avg', 'speed'], avgSpeed: ['speed_avg', 'speed'], maxSpeed: ['speed_max', 'speed'],
  stepCadence: ['cadence_avg', 'cadence_steps'],
  elevationUp: ['elevation_gain', 'elevation'], elevationDown: ['elevation_loss', 'elevation'],
})
/** Names of the phone's own workouts that nobody else uses. */
// biome-ignore format: a table.
const activities: Readonly<Record<string, ActivityType>> = tableOf({
  'outdoor run': 'running', 'indoor run': 'running_treadmill', 'outdoor walk': 'walking', 'indoor walk': 'walking', 'outdoor cycle': 'cycling',
  'outdoor cycling': 'cycling', 'indoor cycle': 'cycling_indoor', 'hand cycling': 'cycling_hand', 'pool swim': 'swimming_pool',
  'open water swim': 'swimming_open_water', rower: 'rowing_machine', 'indoor rowing': 'rowing_machine', 'outdoor rowing': 'rowing',
  'traditional strength training': 'strength', 'functional strength training': 'functional_training', 'core training': 'functional_training',
  'mixed cardio': 'cardio', 'cross training': 'functional_training', flexibility: 'stretching', cooldown: 'stretching', 'stair climbing': 'stair_climbing',
  'cardio dance': 'dance', 'social dance': 'dance', 'mind and body': 'meditation', 'downhill skiing': 'skiing_alpine', 'cross country skiing': 'skiing_cross_country',
  'swim bike run': 'multisport',
})
const lists = ['heartRateData', 'heartRateRecovery'] as const
/** Kept as they are: they mean something only beside the workout. */
const kept = ['isIndoor', 'location', 'intensity', 'temperature', 'humidity'] as const
const others = new Set<string>([
  'id',
  'name',
  'start',
  'end',
  'duration',
  'heartRate',
  'elevation',
  'route',
  'source',
  ...lists,
  ...kept,
])
const mostPoints = 1_000_000

/** One workout with its figures, its way and its heart rates. @throws Unfit */
export function readWorkout(context: Context, workout: Members, place: number): void {
  const start = context.when(workout['start'], 'start')
  const end = context.when(workout['end'], 'end')
  if (end.t < start.t) throw new Unfit('workout_backwards', 'the workout ends before it starts')
  const source = context.source(workout['source'])
  const name = textIn(workout['name']) ?? ''
  const id = textIn(workout['id'])?.slice(0, 150)
  const track = trackOf(context, workout['route'])
  const totals = { duration: (end.t - start.t) / 1000, ...totalsOf(context, workout) }
  const extra = Object.fromEntries(kept.filter((key) => workout[key] !== undefined).map((key) => [key, workout[key]]))
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity: activities[name.toLowerCase()] ?? activityFromName(name),
    start: start.t,
    end: end.t,
    offset: start.offset,
    externalId: `health_auto_export:workout:${id ?? `${name.slice(0, 80)}:${start.t}`}`,
    totals,
    parts: [],
    ...(name ? { title: name.slice(0, 200) } : {}),
    ...(track ? { track } : {}),
    ...(Object.keys(extra).length ? { extra } : {}),
  }
  for (const list of lists) giveHeartRates(context, list, workout, place)
  context.pieces.session(source, session)
  for (const key of Object.keys(workout)) {
    if (!others.has(key) && !(key in quantities)) context.losses.leaveUnused(`workout.${key}`)
  }
}

function totalsOf(context: Context, workout: Members): Totals {
  const totals: Totals = {}
  const set = (name: string, value: number | undefined) => {
    if (value !== undefined) totals[name] = value
  }
  set('active_duration', numberIn(workout['duration']))
  for (const [field, [total, metric]] of Object.entries(quantities)) {
    const value = workout[field]
    if (value === undefined || value === null) continue
    const quantity = Array.isArray(value)
      ? totals[total] === undefined
        ? sumOf(metric, value)
        : undefined
      : quantityOf(metric, value)
    set(total, quantity)
    // What a list holds over time, the metrics of the same app hold too.
    if (Array.isArray(value)) context.losses.leaveUnused(`workout.${field}: its course`, value.length)
    else if (quantity === undefined) context.losses.leaveUnused(`workout.${field}`)
  }
  const rates = workout['heartRate']
  for (const part of ['min', 'avg', 'max'])
    if (isRecord(rates)) set(`heart_rate_${part}`, quantityOf('heart_rate', rates[part]))
  const elevation = workout['elevation']
  if (isRecord(elevation)) {
    set('elevation_gain', quantityOf('elevation', { qty: elevation['ascent'], units: elevation['units'] }))
    set('elevation_loss', quantityOf('elevation', { qty: elevation['descent'], units: elevation['units'] }))
  }
  return totals
}

/** `{qty, units}` in the catalogue's unit. */
function quantityOf(metric: MetricId, value: unknown): number | undefined {
  if (!isRecord(value)) return undefined
  const number = numberIn(value['qty'])
  const conversion = conversionFor(metric, unitSpelled(textIn(value['units'])))
  return number === undefined || !conversion ? undefined : convert(conversion, number)
}

function sumOf(metric: MetricId, list: readonly unknown[]): number | undefined {
  const values = list.flatMap((one) => quantityOf(metric, one) ?? [])
  return values.length ? values.reduce((sum, value) => sum + value, 0) : undefined
}

function giveHeartRates(context: Context, list: string, workout: Members, place: number): void {
  const entries = workout[list]
  if (!Array.isArray(entries)) return
  for (const entry of entries) {
    try {
      if (!isRecord(entry)) throw new Unfit('value_unreadable', 'an entry is no object')
      const { t, offset } = context.when(entry['date'], 'date')
      const value = quantityOf('heart_rate', { qty: entry['qty'] ?? entry['Avg'], units: entry['units'] })
      if (value === undefined) throw new Unfit('value_unreadable', 'neither qty nor Avg is a heart rate')
      context.pieces.value(context.source(entry['source'] ?? workout['source']), 'heart_rate', t, value, {
        offset,
        method: 'active',
        place,
      })
      context.leaveOthers(`workout.${list}`, entry, rateNames)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      context.losses.reject(place, error.code, `${list}: ${error.message}`)
    }
  }
}

const rateNames = new Set(['date', 'qty', 'Avg', 'units', 'source'])
const pointNames = new Set(['lat', 'latitude', 'lon', 'longitude', 'altitude', 'timestamp'])

function trackOf(context: Context, route: unknown): Track | undefined {
  if (!Array.isArray(route) || !route.length) return undefined
  const points: { t: number; lat: number; lon: number; ele: number }[] = []
  for (const point of route.slice(0, mostPoints)) {
    try {
      if (!isRecord(point)) throw new Unfit('value_unreadable', 'a point of the route is no object')
      const { t } = context.when(point['timestamp'], 'timestamp')
      const [lat, lon] = [numberIn(point['latitude'] ?? point['lat']), numberIn(point['longitude'] ?? point['lon'])]
      if (lat === undefined || lon === undefined || placeFault(lat, lon))
        throw new Unfit('place_impossible', 'a point of the route is nowhere on Earth')
      points.push({ t, lat, lon, ele: numberIn(point['altitude']) ?? Number.NaN })
      context.leaveOthers('workout.route', point, pointNames)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      context.losses.reject(points.length, error.code, `route: ${error.message}`)
    }
  }
  if (!points.length) return undefined
  points.sort((a, b) => a.t - b.t)
  const column = (of: (point: (typeof points)[number]) => number) => Float64Array.from(points, of)
  return {
    t: column(({ t }) => t),
    lat: column(({ lat }) => lat),
    lon: column(({ lon }) => lon),
    ele: column(({ ele }) => ele),
  }
}
