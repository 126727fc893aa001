import { type ActivityType, activityFromName, type SessionPart, tableOf } from '@tributary/protocol'
import { jsonRecords } from '../archives/json.ts'
import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { sleepSession } from '../archives/night.ts'
import { readIso, readNumber } from '../archives/read-times.ts'
import { recordOf, recordsOf, textOf } from '../json/records.ts'
import { nightsOf } from '../nights.ts'
import { type Context, type EntryReader, googleFit } from './context.ts'

const words: Readonly<Record<string, ActivityType>> = tableOf({
  treadmill: 'running_treadmill',
  'running.treadmill': 'running_treadmill',
  'walking.treadmill': 'walking',
  'walking.fitness': 'walking',
  'walking.nordic': 'walking',
  on_foot: 'walking',
  'biking.mountain': 'cycling_mountain',
  'biking.road': 'cycling',
  'biking.hand': 'cycling_hand',
  'biking.stationary': 'cycling_indoor',
  'biking.spinning': 'cycling_indoor',
  'biking.utility': 'cycling',
  'swimming.pool': 'swimming_pool',
  'swimming.open_water': 'swimming_open_water',
  'rowing.machine': 'rowing_machine',
  'skiing.downhill': 'skiing_alpine',
  'skiing.cross_country': 'skiing_cross_country',
  'skiing.back_country': 'skiing_backcountry',
  'football.soccer': 'football',
  interval_training: 'hiit',
  'interval_training.high_intensity': 'hiit',
  dancing: 'dance',
  aerobics: 'cardio',
  circuit_training: 'functional_training',
  crossfit: 'functional_training',
})

/** What Fit logs by itself about a day and nobody calls a workout. */
const noWorkout = new Set(['still', 'in_vehicle', 'unknown', 'tilting', 'exiting_vehicle'])

const sleepWords = /^sleep(\.|$)/

interface Total {
  name: string
  times?: number
}

const totalNames: Readonly<Record<string, Total>> = tableOf({
  'com.google.step_count.delta': { name: 'steps' },
  'com.google.distance.delta': { name: 'distance' },
  'com.google.calories.expended': { name: 'energy_total' },
  'com.google.active_minutes': { name: 'active_duration', times: 60 },
  'com.google.speed.summary': { name: 'speed_avg' },
  'com.google.heart_rate.summary': { name: 'heart_rate_avg' },
  'com.google.heart_minutes': { name: 'heart_points' },
  'com.google.heart_minutes.summary': { name: 'heart_points' },
})

// biome-ignore format: a list
const known = knownLeaves(`fitnessActivity startTime endTime duration id name description application.packageName
  segment.*.fitnessActivity segment.*.startTime segment.*.endTime
  aggregate.*.metricName aggregate.*.intValue aggregate.*.floatValue`)

export const sessionMark = /"fitnessActivity"\s*:/

/** `All Sessions/*.json`: one workout or night each. */
export const readFitSession: EntryReader = async function* (entry, context) {
  const { gather, losses } = context
  for await (const record of jsonRecords(entry, [''], googleFit, gather)) {
    takeSession(record, context)
    leaveRest('Google Fit session', record, known, losses)
    if (gather.hasReady) yield
  }
}

function takeSession(record: Record<string, unknown>, context: Context): void {
  const { gather, losses, sleeps } = context
  const from = timeOf(record['startTime'])
  const to = timeOf(record['endTime'])
  const word = textOf(record['fitnessActivity']) ?? 'unknown'
  if (!from || !to) {
    gather.reject(googleFit, 'time_unreadable', `the times of a session (${word}) cannot be read`)
    return
  }
  if (sleepWords.test(word)) {
    if (gather.isTime(googleFit, 'sleep', from.t)) sleeps.push({ start: from.t, end: to.t, offset: from.offset })
    return
  }
  if (noWorkout.has(word)) {
    losses.leaveUnused(`Google Fit session ${word}: not a workout`)
    return
  }
  const { totals, rest } = totalsOf(record['aggregate'])
  const title = textOf(record['name'])
  const app = textOf(recordOf(record['application'])['packageName'])
  const description = textOf(record['description'])
  gather.session(googleFit, {
    kind: 'session',
    type: 'workout',
    activity: words[word] ?? activityFromName(word),
    ...(title === undefined ? {} : { title }),
    start: from.t,
    end: to.t,
    ...(from.offset === undefined ? {} : { offset: from.offset }),
    externalId: `google_fit:${textOf(record['id']) ?? `${word}:${from.t}`}`,
    totals: { duration: secondsOf(record['duration']) ?? (to.t - from.t) / 1000, ...totals },
    parts: partsOf(record['segment']),
    extra: {
      fitness_activity: word,
      ...(app ? { app } : {}),
      ...(description ? { description } : {}),
      ...(Object.keys(rest).length ? { aggregates: rest } : {}),
    },
  })
}

/** A zone that is written as Z says nothing about where the person was. */
function timeOf(value: unknown): { t: number; offset: number | undefined } | undefined {
  const text = textOf(value)
  const read = text === undefined ? undefined : readIso(text)
  if (read?.offset === undefined || text === undefined) return undefined
  return { t: read.wall - read.offset * 60_000, offset: /z$/i.test(text) ? undefined : read.offset }
}

function secondsOf(value: unknown): number | undefined {
  const seconds = readNumber(textOf(value)?.replace(/s$/, ''))
  return Number.isFinite(seconds) ? seconds : undefined
}

function totalsOf(aggregate: unknown): { totals: Record<string, number>; rest: Record<string, number> } {
  const totals: Record<string, number> = {}
  const rest: Record<string, number> = {}
  for (const { metricName, intValue, floatValue } of recordsOf(aggregate)) {
    const metric = textOf(metricName) ?? 'without a name'
    const total = totalNames[metric]
    const value = readNumber(floatValue ?? intValue)
    if (total && Number.isFinite(value)) totals[total.name] = value * (total.times ?? 1)
    else if (Number.isFinite(value)) rest[metric] = value
  }
  return { totals, rest }
}

function partsOf(segments: unknown): SessionPart[] {
  const parts: SessionPart[] = []
  for (const segment of recordsOf(segments)) {
    const from = timeOf(segment['startTime'])
    const to = timeOf(segment['endTime'])
    if (!from || !to || to.t < from.t) continue
    const label = textOf(segment['fitnessActivity'])
    parts.push({
      kind: 'segment',
      start: from.t,
      end: to.t,
      ...(label === undefined ? {} : { label }),
    })
  }
  return parts
}

/** Nights from stages, and those that Fit knows as sessions only. */
export function takeFitNights({ gather, losses, clock, stages, sleeps }: Context): void {
  const localOffset = (t: number) => clock.offsetAt(t)
  const nights = nightsOf(stages, { externalId: (start) => `google_fit:sleep:${start}`, localOffset })
  for (const night of nights) gather.session(googleFit, night)
  for (const { start, end, offset } of sleeps) {
    if (nights.some((night) => night.start < end && night.end > start)) {
      losses.leaveUnused('Google Fit sleep session: the night is known from its stages')
      continue
    }
    const more = { start, end, ...(offset === undefined ? {} : { offset }) }
    gather.session(googleFit, sleepSession(`google_fit:sleep:${start}`, [], more))
  }
}
