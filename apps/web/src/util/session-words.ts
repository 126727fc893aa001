/** What pages call workouts, their parts and their figures. */
import { activities, catalogue, isActivity } from '@tributary/protocol'
import type { Session } from '../api/types.ts'
import type { IconName } from '../ui/icon.tsx'
import { sentenceCase } from './device-words.ts'
import { metricOfTotal } from './measure.ts'

type Named = Pick<Session, 'title' | 'activity' | 'type'> & { is_nap?: boolean }

export function sessionTitle({ title, activity, type, is_nap }: Named): string {
  return title ?? (activity ? activityWords(activity) : type === 'sleep' && is_nap ? 'Nap' : kindWords[type])
}

const kindWords: Record<Session['type'], string> = {
  workout: 'Workout',
  sleep: 'Sleep',
  meditation: 'Meditation',
  ecg: 'ECG',
}

export function activityWords(activity: string): string {
  if (activity === 'other') return 'Workout'
  return isActivity(activity) ? activities[activity].title : sentenceCase(activity)
}

export function sessionIcon({ type }: Pick<Session, 'type'>): IconName {
  return type === 'sleep' ? 'sleep' : type === 'ecg' ? 'heart' : type === 'meditation' ? 'person' : 'activity'
}

/** What a record was read from: `fit` reads "FIT file". */
export function formatWords(format: string | null): string {
  if (format === null) return 'Sent by a device'
  const known: Record<string, string> = {
    apple_health: 'Apple Health export',
    google_takeout: 'Google Takeout',
    health_connect: 'Health Connect backup',
    manual: 'Entered by hand',
    demo: 'Demo data',
  }
  return known[format] ?? (format.length <= 4 ? `${format.toUpperCase()} file` : sentenceCase(format))
}

/** On foot people think in minutes for a kilometre, on wheels in kilometres an hour. */
export function isOnFoot(activity: string | null): boolean {
  return activity !== null && /run|walk|hik|jog/.test(activity)
}

const totalTitles: Record<string, string> = {
  duration: 'Time',
  active_duration: 'Timer',
  moving_duration: 'Moving time',
  elevation_gain: 'Climbed',
  elevation_loss: 'Descended',
  heart_rate_avg: 'Average heart rate',
  heart_rate_max: 'Highest heart rate',
  heart_rate_min: 'Lowest heart rate',
  speed_avg: 'Average speed',
  speed_max: 'Top speed',
  power_avg: 'Average power',
  power_max: 'Highest power',
  power_normalized: 'Normalised power',
  cadence_avg: 'Average cadence',
  cadence_max: 'Highest cadence',
}

export function totalTitle(name: string): string {
  const own = totalTitles[name]
  if (own) return own
  const metric = metricOfTotal(name)
  const kind = /_(avg|max|min)$/.exec(name)?.[1]
  const title = metric && name.startsWith(metric) ? catalogue[metric].title : sentenceCase(name)
  return kind && metric ? `${title}, ${{ avg: 'average', max: 'highest', min: 'lowest' }[kind]}` : title
}

/** In the order people look for them; what else a file states follows. */
const order = [
  'sleep_total',
  'sleep_deep',
  'sleep_rem',
  'sleep_light',
  'sleep_awake',
  'distance',
  'duration',
  'moving_duration',
  'active_duration',
  'elevation_gain',
  'heart_rate_avg',
  'heart_rate_max',
  'speed_avg',
  'speed_max',
  'power_avg',
  'power_normalized',
  'power_max',
  'cadence_avg',
  'energy_active',
  'energy_total',
]

export function orderedTotals(totals: Readonly<Record<string, number>>): [string, number][] {
  const place = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1)
  return Object.entries(totals).sort(([a], [b]) => place(a) - place(b))
}
