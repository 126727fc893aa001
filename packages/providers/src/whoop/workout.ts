/** Workouts, and what WHOOP files beside them: a sauna, an ice bath. */
import { activityFromName } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { given, isGiven, totalsOf } from '../kit/tell.ts'
import { newest, oneOf, onePage, pagesOf, reread } from './lists.ts'
import { minutesOf } from './nights.ts'

const number = z.number().nullish()

const Workout = z.object({
  id: z.string(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  timezone_offset: z.string(),
  updated_at: z.string(),
  sport_name: z.string().nullish(),
  score_state: z.string(),
  score: z
    .object({
      strain: number,
      average_heart_rate: number,
      max_heart_rate: number,
      kilojoule: number,
      percent_recorded: number,
      distance_meter: number,
      altitude_gain_meter: number,
      altitude_change_meter: number,
      zone_durations: z.record(z.string(), z.number()).nullish(),
    })
    .nullish(),
})

const kilojoulesPerKilocalorie = 4.184

export const workout = defineFeed<z.infer<typeof Workout>>({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['read:workout'],
  brings: ['workout', 'strain'],
  ...reread,
  fetch: (http, window) => pagesOf(http, '/v2/activity/workout', window),
  fetchOne: (http, id) => onePage(oneOf(http, `/v2/activity/workout/${encodeURIComponent(id)}`)),
  raw: Workout,
  version: newest,
  *read({ id, sport_name, score_state, score, ...record }) {
    const start = Date.parse(record.start)
    const end = Date.parse(record.end)
    yield {
      kind: 'session',
      type: 'workout',
      activity: activityFromName(sport_name ?? ''),
      start,
      end,
      offset: minutesOf(record.timezone_offset),
      externalId: id,
      totals: totalsOf({
        duration: (end - start) / 1_000,
        distance: score?.distance_meter,
        elevation_gain: score?.altitude_gain_meter,
        energy_total: isGiven(score?.kilojoule) ? score.kilojoule / kilojoulesPerKilocalorie : undefined,
        heart_rate_avg: score?.average_heart_rate,
        heart_rate_max: score?.max_heart_rate,
        strain: score?.strain,
      }),
      parts: [],
      extra: given<Record<string, unknown>>({
        sport_name,
        score_state,
        percent_recorded: score?.percent_recorded,
        altitude_change: score?.altitude_change_meter,
        heart_rate_zones_ms: score?.zone_durations,
      }),
    }
  },
  unused: {
    updated_at: 'only tells which of two tellings is the later',
    user_id: 'the account itself',
    created_at: 'when WHOOP wrote it down',
  },
})
