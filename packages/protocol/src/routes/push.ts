/** What an app on a phone pushes: HealthKit, Health Connect and Samsung Health have no cloud to ask. */
import { z } from 'zod'
import { TimeZone, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const Source = z.looseObject({
  app: z.string().optional().meta({ description: 'Bundle id or package name' }),
  app_name: z.string().optional(),
  device: z
    .looseObject({ manufacturer: z.string().optional(), model: z.string().optional(), type: z.string().optional() })
    .optional(),
})

const PhoneRecord = z.looseObject({
  id: z
    .string()
    .optional()
    .meta({ description: 'The id its store gave it. Needed: it is how the record is changed and deleted' }),
  type: z
    .string()
    .optional()
    .meta({ description: 'As the store calls it: `HeartRate`, `HKQuantityTypeIdentifierStepCount`, `BLOOD_PRESSURE`' }),
  start: z.string().optional().meta({ description: 'RFC 3339' }),
  end: z.string().optional().meta({ description: 'RFC 3339; absent for an instant' }),
  zone_offset: z.string().nullish().meta({ description: '`+02:00` where and when it was measured' }),
  value: z.unknown().optional(),
  unit: z.string().optional(),
  samples: z.array(z.unknown()).optional().meta({ description: '`[{time, value}]`, for records that hold many' }),
  source: Source.optional(),
  recording: z.enum(['active', 'automatic', 'manual', 'unknown']).optional(),
  last_modified: z.string().nullish().meta({ description: 'Of two with one id the later counts' }),
  metadata: z.record(z.string(), z.unknown()).optional(),
})

export const pushIntegration = route({
  method: 'POST',
  path: '/api/v1/integrations/{type}/push',
  summary: 'Push records of a phone',
  description:
    'For `apple_health`, `health_connect` and `samsung_health`. Records carry the ids of their store: sent again they change nothing, changed they replace, and `deletions` needs ids alone. A bad record is told with its reason and loses no other. Names may also be written in camelCase. The bodies of Health Auto Export (to `apple_health`) and HC Webhook (to `health_connect`) are taken as they are. At most 5,000 records with 50,000 samples, 5 MB unpacked.',
  tag: 'Connections',
  scope: 'data:write',
  params: z.strictObject({ type: z.string().min(1).max(60) }),
  body: z
    .looseObject({
      batch_id: z
        .string()
        .min(1)
        .max(255)
        .optional()
        .meta({ description: 'Names the batch: sent again it is answered as before. `Idempotency-Key` does the same' }),
      installation_id: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'Of the app on this phone: another phone is another connection' }),
      device: z.looseObject({ model: z.string().optional() }).optional(),
      time_zone: TimeZone.optional(),
      cursor: z
        .looseObject({ kind: z.string().optional(), type: z.string().optional(), to: z.string().nullish() })
        .optional()
        .meta({ description: 'An anchor or a change token, 8 kB at most' }),
      records: z.array(PhoneRecord.or(z.unknown())).optional(),
      sleep: z.array(z.unknown()).optional().meta({ description: 'Sleeps with `stages: [{stage, start, end}]`' }),
      workouts: z
        .array(z.unknown())
        .optional()
        .meta({ description: 'With `totals`, `laps`, `segments` and `route: [{t, lat, lon, ele}]`' }),
      daily_totals: z
        .array(z.unknown())
        .optional()
        .meta({ description: '`{date, type, value, unit}`: the store’s own, in which nothing counts twice' }),
      deletions: z.array(z.unknown()).optional().meta({ description: '`{id}` or ids' }),
    })
    .meta({
      examples: [
        {
          batch_id: '0f7b4f2e-3d5d-4b7a-8c61-7a2d4f6f2b10',
          installation_id: '6a1d0c9e',
          records: [
            {
              id: 'b2b6c7a0-9d43-4a55-8f5e-27c1c2f9e0a1',
              type: 'HeartRate',
              start: '2026-10-14T07:40:00Z',
              zone_offset: '+02:00',
              value: 71,
              unit: 'bpm',
              source: { app: 'com.example.watch', device: { model: 'W3' } },
            },
          ],
          deletions: [{ id: '9d1e2f30-0000-4000-8000-000000000001' }],
        },
      ],
    }),
  returns: {
    status: 202,
    body: z.strictObject({
      batch_id: z.string().nullable(),
      sync_id: Uuid,
      connection_id: Uuid,
      received: z.number().int(),
      accepted: z.number().int().meta({ description: 'Values and sessions that are new' }),
      updated: z.number().int(),
      duplicates: z.number().int(),
      deleted: z.number().int(),
      suppressed: z.number().int(),
      rejected: z.array(
        z.strictObject({ id: z.string().nullable(), index: z.number().int(), code: z.string(), message: z.string() }),
      ),
      rejected_total: z.number().int(),
      cursor: z
        .record(z.string(), z.unknown())
        .nullable()
        .meta({ description: 'Committed with the records: safe to go on from' }),
      server_time: z.string(),
    }),
  },
  problems: ['provider_unknown', 'push_not_taken', 'connection_paused', 'storage_full'],
})
