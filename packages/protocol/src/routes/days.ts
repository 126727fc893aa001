import { z } from 'zod'
import { LocalDate, repeated, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const tag = 'The timeline'

const DaySource = z.strictObject({
  source_id: Uuid,
  name: z.string(),
  kind: z.string(),
  device_id: Uuid.nullable(),
  is_demo: z.boolean().optional(),
})

/** One metric on one local day. */
export const DayValue = z.strictObject({
  date: z.string(),
  value: z
    .number()
    .meta({ description: 'The figure the catalogue puts first: sum of steps, average of heart rate, last weight' }),
  min: z.number().nullable(),
  max: z.number().nullable(),
  avg: z.number().nullable(),
  sum: z.number().nullable(),
  last: z.number().nullable(),
  n: z.number().int(),
  source_id: Uuid,
  sources: z.number().int().meta({ description: 'How many sources have something for this day' }),
  coverage: z.number().nullable().meta({ description: 'Share of the day in which there was something, 0–1' }),
  quality: z.number().nullable(),
  last_time: z.string().nullable(),
})

export const listDays = route({
  method: 'GET',
  path: '/api/v1/days',
  summary: 'Read daily values by local day',
  description:
    "A day is the person's local day, by the zone they were in: a journey makes it longer or shorter. Days without a value are left out. `stale_dates` are days whose newest data is not in the figures yet.",
  tag,
  scope: 'data:read',
  query: z.strictObject({
    from: LocalDate,
    to: LocalDate.meta({ description: 'The first day that is out, eleven years (4,026 days) after from at most' }),
    metrics: repeated(z.string().min(1).max(50)).optional(),
  }),
  returns: {
    status: 200,
    body: z.strictObject({
      from: z.string(),
      to: z.string(),
      time_zone: z.string(),
      sources: z.array(DaySource),
      metrics: z.array(
        z.strictObject({
          metric: z.string(),
          unit: z.string(),
          rollup: z.string(),
          days: z.array(DayValue),
          stale_dates: z.array(z.string()),
        }),
      ),
    }),
  },
  problems: ['data_type_unknown', 'range_invalid'],
})

export const explainDay = route({
  method: 'GET',
  path: '/api/v1/days/{date}/{metric}/why',
  summary: 'Learn where a daily value comes from',
  tag,
  scope: 'data:read',
  params: z.strictObject({ date: LocalDate, metric: z.string().min(1).max(50) }),
  returns: {
    status: 200,
    body: z.strictObject({
      date: z.string(),
      metric: z.string(),
      unit: z.string(),
      value: z.number().nullable(),
      start_time: z.string().meta({ description: 'When the local day began' }),
      end_time: z.string(),
      rule: z.string().meta({ description: 'In words' }),
      candidates: z.array(
        z.strictObject({
          source: DaySource,
          value: z.number(),
          n: z.number().int(),
          stated: z
            .boolean()
            .meta({ description: 'The source states it for the date; otherwise worked out from its samples' }),
          coverage: z.number().nullable(),
          is_winner: z.boolean(),
        }),
      ),
    }),
  },
  problems: ['not_found', 'data_type_unknown'],
})
