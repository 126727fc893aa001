import { z } from 'zod'
import { sessionPartKinds, sessionTypes } from '../batch.ts'
import { FreeForm, Instant, LocalDate, Uuid } from '../fields.ts'
import { planLimits } from '../plan-limits.ts'
import { route } from '../route.ts'

const tag = 'Sessions'
const params = z.strictObject({ session_id: Uuid })

export const SessionPart = z.strictObject({
  kind: z.enum(sessionPartKinds),
  index: z.number().int(),
  start_time: z.string(),
  end_time: z.string(),
  label: z.string().nullable(),
  intensity: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'What a lap was meant to be: active, rest, warmup …' }),
  totals: z.record(z.string(), z.number()),
})

const SessionSource = z.strictObject({
  source_id: Uuid,
  name: z.string(),
  kind: z.string(),
  device_id: Uuid.nullable(),
  is_demo: z.boolean().optional(),
})

export const Session = z.strictObject({
  session_id: Uuid,
  user_id: Uuid,
  type: z.enum(sessionTypes),
  is_nap: z.boolean(),
  activity: z.string().nullable(),
  title: z.string().nullable(),
  start_time: z.string(),
  end_time: z.string(),
  utc_offset_minutes: z.number().int().nullable(),
  totals: z.record(z.string(), z.number()).meta({
    description:
      'distance m, duration s, active_duration s, elevation_gain m, heart_rate_avg bpm, power_avg W … (catalogue units)',
  }),
  derived: z.array(z.string()).meta({ description: 'Totals that were worked out because the file did not state them' }),
  source: SessionSource,
  records: z
    .array(
      z.strictObject({
        session_id: Uuid,
        source: SessionSource,
        format: z.string().nullable(),
        file_name: z.string().nullable(),
        import_id: Uuid.nullable(),
        has_file: z.boolean(),
        start_time: z.string(),
        end_time: z.string(),
        is_shown: z.boolean(),
      }),
    )
    .meta({
      description:
        'Everything that tells of this one session, the record it is shown by first: the same ride as FIT and GPX, from watch and phone',
    }),
  superseded_by: Uuid.nullable().meta({ description: 'Of a record that is not the one shown: the one that is' }),
  edited: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: 'What a person changed, with what the source had said: `{title: "Run"}`. Null when nothing' }),
  planned_session_id: Uuid.nullable(),
  notes: z.string().nullable(),
  import_id: Uuid.nullable(),
  file_name: z.string().nullable(),
  has_track: z.boolean(),
  has_file: z.boolean(),
  activity_data: FreeForm,
  created_at: z.string(),
})

export const listSessions = route({
  method: 'GET',
  path: '/api/v1/sessions',
  summary: 'List workouts, nights, naps and more of all sources, newest first',
  tag,
  scope: 'data:read',
  query: z.strictObject({
    type: z.enum(sessionTypes).optional(),
    activity: z.string().max(60).optional(),
    source: Uuid.optional().meta({ description: 'Any record of it came from this source' }),
    q: z.string().max(100).optional().meta({ description: 'Words of the title' }),
    min_distance: z.coerce.number().min(0).optional(),
    min_duration: z.coerce.number().min(0).optional(),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
    cursor: z.string().max(400).optional(),
  }),
  returns: { status: 200, body: z.strictObject({ items: z.array(Session), next_cursor: z.string().nullable() }) },
  problems: ['cursor_invalid'],
})

export const getSession = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}',
  summary: 'Read one session',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, body: Session },
  problems: ['not_found'],
})

const Column = z.array(z.number().nullable())

export const getTrack = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/track',
  summary: 'Read the way of a session, in columns',
  tag,
  scope: 'data:read',
  params,
  returns: {
    status: 200,
    body: z.strictObject({ time: z.array(z.string()), lat: Column, lon: Column, ele: Column }),
  },
  problems: ['not_found'],
})

export const getStreams = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/streams',
  summary: 'Read what was measured during a session, in columns',
  description:
    '`time` is the union of all times; a stream without a value at a time has null there. With `points`, or when there are more than 100,000 times, only the rows that stand out are given.',
  tag,
  scope: 'data:read',
  params,
  query: z.strictObject({ points: z.coerce.number().int().min(3).max(100_000).optional() }),
  returns: {
    status: 200,
    body: z.strictObject({
      time: z.array(z.string()),
      streams: z.record(z.string(), z.strictObject({ unit: z.string(), values: Column })),
    }),
  },
  problems: ['not_found'],
})

export const getLaps = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/laps',
  summary: 'Read the laps, pauses and stages of a session',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, body: z.strictObject({ items: z.array(SessionPart), next_cursor: z.null() }) },
  problems: ['not_found'],
})

export const getFile = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/file',
  summary: 'Download the file a session came from, byte for byte',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, description: 'The original file' },
  produces: ['application/octet-stream'],
  problems: ['not_found'],
})

const Totals = z.record(z.string().max(60), z.number())

/** What a person may say of a session; the source's own word is kept beside it. */
const Editable = {
  title: z.string().max(200).nullable().optional(),
  activity: z.string().max(60).nullable().optional(),
  notes: z.string().max(5_000).nullable().optional(),
  totals: Totals.optional().meta({ description: 'Only the figures given are changed' }),
}

export const createSession = route({
  method: 'POST',
  path: '/api/v1/sessions',
  summary: 'Enter a session by hand',
  tag,
  scope: 'data:write',
  body: z.strictObject({
    type: z.enum(['workout', 'sleep', 'meditation']),
    is_nap: z.boolean().optional(),
    start_time: Instant,
    end_time: Instant,
    utc_offset_minutes: z.number().int().min(-1_080).max(1_080).optional(),
    ...Editable,
  }),
  returns: { status: 201, body: Session },
  problems: ['range_invalid'],
})

export const updateSession = route({
  method: 'PATCH',
  path: '/api/v1/sessions/{session_id}',
  summary: 'Correct a session; what the source said is kept',
  description: 'null takes an edit back. `start_time` and `end_time` can be changed for sessions entered by hand only.',
  tag,
  scope: 'data:write',
  params,
  body: z.strictObject({
    ...Editable,
    totals: z
      .record(z.string().max(60), z.number().nullable())
      .optional()
      .meta({ description: 'Only the figures given are changed; null takes an edit back' }),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
  }),
  returns: { status: 200, body: Session },
  problems: ['not_found', 'range_invalid', 'session_not_manual'],
})

export const deleteSession = route({
  method: 'DELETE',
  path: '/api/v1/sessions/{session_id}',
  summary: 'Delete a session for good',
  description:
    'It stays deleted when its source sends it again (a suppression, which can be lifted). `records=one` deletes only this record: what other files or devices tell of the same session stays and is shown instead.',
  tag,
  scope: 'data:write',
  params,
  query: z.strictObject({ records: z.enum(['all', 'one']).default('all') }),
  returns: {
    status: 200,
    body: z.strictObject({ deleted: z.number().int(), suppression_ids: z.array(Uuid) }),
  },
  problems: ['not_found'],
})

const planned = 'Planned sessions'

export const PlannedSession = z.strictObject({
  planned_session_id: Uuid,
  user_id: Uuid,
  activity: z.string().nullable(),
  title: z.string(),
  description: z.string().nullable(),
  scheduled_on: LocalDate.meta({ description: "The day it is meant for, in the person's own zone" }),
  start_time: z.string().nullable(),
  duration: z.number().nullable().meta({ description: 'Seconds' }),
  distance: z.number().nullable().meta({ description: 'Metres' }),
  status: z.enum(['planned', 'fulfilled', 'missed', 'skipped']),
  session_id: Uuid.nullable().meta({ description: 'The session that fulfilled it' }),
  source: SessionSource.nullable().meta({ description: "Whose calendar it comes from; null of a person's own" }),
  edited: z.record(z.string(), z.unknown()).nullable().meta({
    description: 'What a person changed, with what its source says: `{title: "Tempo"}`. Null when nothing',
  }),
  created_at: z.string(),
  updated_at: z.string(),
})

const PlanBody = z.strictObject({
  activity: z.string().max(60).nullable().optional(),
  title: z.string().min(1).max(planLimits.title),
  description: z.string().max(planLimits.description).nullable().optional(),
  scheduled_on: LocalDate,
  start_time: Instant.nullable().optional(),
  duration: z.number().min(0).max(planLimits.duration).nullable().optional(),
  distance: z.number().min(0).max(planLimits.distance).nullable().optional(),
})

export const listPlannedSessions = route({
  method: 'GET',
  path: '/api/v1/planned-sessions',
  summary: 'List planned sessions by day',
  tag: planned,
  scope: 'data:read',
  query: z.strictObject({
    from: LocalDate.optional(),
    to: LocalDate.optional().meta({ description: 'The first day that is out' }),
    status: z.enum(['planned', 'fulfilled', 'missed', 'skipped']).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(400).optional(),
  }),
  returns: {
    status: 200,
    body: z.strictObject({ items: z.array(PlannedSession), next_cursor: z.string().nullable() }),
  },
  problems: ['cursor_invalid'],
})

export const createPlannedSession = route({
  method: 'POST',
  path: '/api/v1/planned-sessions',
  summary: 'Plan a session',
  description: 'A session of the same kind on that day fulfils it, whether it is there already or comes later.',
  tag: planned,
  scope: 'data:write',
  body: PlanBody,
  returns: { status: 201, body: PlannedSession },
  problems: [],
})

const planParams = z.strictObject({ planned_session_id: Uuid })

export const getPlannedSession = route({
  method: 'GET',
  path: '/api/v1/planned-sessions/{planned_session_id}',
  summary: 'Read a planned session',
  tag: planned,
  scope: 'data:read',
  params: planParams,
  returns: { status: 200, body: PlannedSession },
  problems: ['not_found'],
})

export const updatePlannedSession = route({
  method: 'PATCH',
  path: '/api/v1/planned-sessions/{planned_session_id}',
  summary: 'Change a planned session',
  description: '`session_id` says by hand which session fulfilled it; null takes the match away.',
  tag: planned,
  scope: 'data:write',
  params: planParams,
  body: PlanBody.partial().extend({
    status: z.enum(['planned', 'skipped']).optional(),
    session_id: Uuid.nullable().optional(),
  }),
  returns: { status: 200, body: PlannedSession },
  problems: ['not_found'],
})

export const deletePlannedSession = route({
  method: 'DELETE',
  path: '/api/v1/planned-sessions/{planned_session_id}',
  summary: 'Delete a planned session',
  description: 'It stays deleted when its source tells it again (a suppression, which can be lifted).',
  tag: planned,
  scope: 'data:write',
  params: planParams,
  returns: { status: 204 },
  problems: ['not_found'],
})
