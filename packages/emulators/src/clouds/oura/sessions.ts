/** Workouts, and what the app calls sessions: breathing and meditation. */
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { mean, round } from '../kit/measured.ts'
import { isoLocal } from '../kit/times.ts'

const sports: Readonly<Record<string, string>> = {
  running: 'running',
  running_trail: 'running',
  cycling: 'cycling',
  swimming_pool: 'swimming',
  strength: 'strength_training',
  walking: 'walking',
  hiking: 'hiking',
  yoga: 'yoga',
}

export function* sessionsOf(ids: Ids, { measured }: Account): Iterable<Draft> {
  for (const { reading, key } of measured.sessions('workout')) {
    const { start, end, totals, activity = '', title, extra } = reading
    const offset = reading.offset ?? measured.offsetAt(start)
    const id = ids.uuid('workout', key)
    const body = {
      id,
      activity: sports[activity] ?? 'other',
      calories: totals['energy_active'] === undefined ? null : round(totals['energy_active'], 1),
      day: measured.dateOf(start),
      distance: totals['distance'] === undefined ? null : round(totals['distance'], 1),
      intensity: (totals['heart_rate_avg'] ?? 0) > 150 ? 'hard' : 'moderate',
      label: title ?? null,
      source: extra?.['manual'] === true ? 'manual' : 'confirmed',
      start_datetime: isoLocal(start, offset),
      end_datetime: isoLocal(end, offset),
    }
    yield { feed: 'workout', id, at: start, end, date: body.day, body }
  }
  for (const { reading, key } of measured.sessions('meditation')) {
    const { start, end } = reading
    const offset = reading.offset ?? measured.offsetAt(start)
    const id = ids.uuid('session', key)
    const samples = (metric: string, every: number) => {
      const steps = Math.ceil((end - start) / every)
      const items = Array.from({ length: steps }, (_, i) => {
        const { v } = measured.between(metric, start + i * every, start + (i + 1) * every)
        return v.length ? round(mean(v), 1) : null
      })
      return { interval: every / 1000, items, timestamp: isoLocal(start, offset) }
    }
    const day = measured.dateOf(start)
    const body = {
      id,
      day,
      type: 'meditation',
      mood: null,
      start_datetime: isoLocal(start, offset),
      end_datetime: isoLocal(end, offset),
      heart_rate: samples('heart_rate', 60_000),
      heart_rate_variability: samples('hrv_rmssd', 60_000),
      motion_count: null,
    }
    yield { feed: 'session', id, at: start, end, date: day, body }
  }
}
