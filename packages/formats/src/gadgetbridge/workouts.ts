import { type ActivityType, type SessionReading, tableOf } from '@tributary/protocol'
import { readNumber } from '../archives/read-times.ts'
import { isRecord } from '../json/records.ts'
import type { DbRow } from './tables.ts'

export const workoutColumns = [
  'NAME',
  'START_TIME',
  'END_TIME',
  'ACTIVITY_KIND',
  'DEVICE_ID',
  'GPX_TRACK',
  'SUMMARY_DATA',
] as const

/** Gadgetbridge's own numbers: flags at first, then counted on from 0x04000000. */
// biome-ignore format: a table
const kinds: Readonly<Record<number, ActivityType>> = {
  16: 'running', 32: 'walking', 64: 'swimming_pool', 128: 'cycling', 256: 'running_treadmill', 1024: 'swimming_open_water',
  2048: 'cycling_indoor', 4096: 'elliptical', 8192: 'jump_rope', 16384: 'yoga', 32768: 'football', 65536: 'rowing_machine',
  262144: 'basketball', 524288: 'table_tennis', 1048576: 'badminton', 2097152: 'strength', 4194304: 'hiking', 8388608: 'climbing',
  67108865: 'running', 67108866: 'cycling_hand', 67108867: 'cycling_electric', 67108868: 'cycling', 67108869: 'cycling_hand',
  67108870: 'transition', 67108872: 'stair_climbing', 67108873: 'pilates', 67108874: 'swimming_pool', 67108875: 'tennis',
  67108877: 'table_tennis', 67108880: 'cardio', 67108881: 'meditation', 67108882: 'walking', 67108883: 'skiing_cross_country',
  67108884: 'skiing_alpine', 67108885: 'snowboarding', 67108886: 'rowing', 67108889: 'multisport', 67108890: 'paddling',
  67108896: 'golf', 67108901: 'inline_skating', 67108902: 'climbing', 67108903: 'climbing', 67108904: 'climbing', 67108906: 'sailing',
  67108907: 'sailing', 67108908: 'ice_skating', 67108910: 'snowshoeing', 67108912: 'stand_up_paddling', 67108913: 'surfing',
  67108916: 'kayaking', 67108918: 'windsurfing', 67108919: 'kitesurfing', 67108922: 'boxing', 67108933: 'hiit', 67108936: 'pickleball',
  67108937: 'padel', 67108938: 'squash', 67108940: 'wheelchair', 67108942: 'wheelchair', 67108944: 'meditation', 67108949: 'rugby',
  67108950: 'hockey', 67108952: 'volleyball', 67108955: 'martial_arts', 67108956: 'dance', 67108962: 'functional_training',
  67108963: 'functional_training', 67108967: 'running_trail', 67108980: 'stretching', 67109000: 'martial_arts', 67109006: 'horse_riding',
  67109009: 'stair_climbing', 67109025: 'sailing', 67109032: 'skiing_cross_country', 67109040: 'running_treadmill', 67109041: 'running',
  67109042: 'walking', 67109043: 'cycling', 67109080: 'cycling_indoor', 67109084: 'stretching', 67109090: 'hiking', 67109098: 'paddling',
  67109105: 'hiking', 67109106: 'running_trail',
}

type Units = Readonly<Record<string, number>>

const metre: Units = { meters: 1, km: 1000, cm: 0.01, '': 1 }
const second: Units = { seconds: 1, hours: 3600, milliseconds_ms: 0.001 }
const speed: Units = { meters_second: 1, km_h: 1 / 3.6 }
/** Whatever its unit is called: there is only one. */
const asIs = undefined

/** By the key of SUMMARY_DATA, whose entries say their unit. */
const totalNames: Readonly<Record<string, readonly [total: string, units: Units | undefined]>> = tableOf({
  distanceMeters: ['distance', metre],
  activeSeconds: ['active_duration', second],
  steps: ['steps', asIs],
  caloriesBurnt: ['energy_total', asIs],
  averageHR: ['heart_rate_avg', asIs],
  maxHR: ['heart_rate_max', asIs],
  minHR: ['heart_rate_min', asIs],
  ascentMeters: ['elevation_gain', metre],
  elevationGain: ['elevation_gain', metre],
  descentMeters: ['elevation_loss', metre],
  elevationLoss: ['elevation_loss', metre],
  averageSpeed: ['speed_avg', speed],
  maxSpeed: ['speed_max', speed],
  stepRateAvg: ['cadence_avg', asIs],
  stepRateMax: ['cadence_max', asIs],
  cyclingPowerAverage: ['power_avg', asIs],
  cyclingPowerMax: ['power_max', asIs],
  currentWorkoutLoad: ['training_load', asIs],
})

/** A workout's row. Undefined when it has no times. */
export function workoutOf(row: DbRow, deviceKey: string): SessionReading | undefined {
  const start = row['START_TIME']
  const end = row['END_TIME']
  if (typeof start !== 'number' || typeof end !== 'number' || !(end >= start)) return undefined
  const kind = Number(row['ACTIVITY_KIND'])
  const { totals, rest } = summaryOf(row['SUMMARY_DATA'])
  const track = row['GPX_TRACK']
  const name = row['NAME']
  return {
    kind: 'session',
    type: 'workout',
    activity: kinds[kind] ?? 'other',
    ...(typeof name === 'string' && name ? { title: name.slice(0, 200) } : {}),
    start,
    end,
    externalId: `${deviceKey}:workout:${start}`,
    totals: { duration: (end - start) / 1000, ...totals },
    parts: [],
    extra: {
      activity_kind: kind,
      ...(typeof track === 'string' && track ? { gpx: track.slice(track.lastIndexOf('/') + 1) } : {}),
      ...(Object.keys(rest).length ? { summary: rest } : {}),
    },
  }
}

function summaryOf(text: unknown): { totals: Record<string, number>; rest: Record<string, unknown> } {
  const totals: Record<string, number> = {}
  const rest: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(parsed(text))) {
    const { value, unit } = isRecord(entry) ? entry : { value: entry, unit: undefined }
    const total = Object.hasOwn(totalNames, key) ? totalNames[key] : undefined
    const times = total?.[1] ? total[1][typeof unit === 'string' ? unit : ''] : 1
    const number = readNumber(value)
    if (total && times !== undefined && Number.isFinite(number)) totals[total[0]] = number * times
    else rest[key.slice(0, 60)] = entry
  }
  return { totals, rest }
}

function parsed(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return { unreadable: text.slice(0, 200) } // kept with the workout, whose times do not depend on it
  }
}
