/**
 * The documents' tables, column by column, as their pages write them: whoever has a query for them finds every column under its name, with
 * values of its kind. What a document leaves open, and what we add, stands apart.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../../test/kit.ts'

/** A document's word for a type, and what it may be in PostgreSQL. A moment is one with its zone here, which no document's type forbids. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  UUID: ['uuid'],
  String: ['text'],
  Text: ['text'],
  TEXT: ['text'],
  Integer: ['integer', 'smallint'],
  INTEGER: ['integer'],
  Float: ['double precision'],
  Boolean: ['boolean'],
  JSON: ['jsonb'],
  JSONB: ['jsonb'],
  DateTime: ['timestamp with time zone'],
  // SQLite has no type for them: document 4 writes TEXT and says in words which it is.
  'TEXT (DATE)': ['date'],
  'TEXT (TIMESTAMP)': ['timestamp with time zone'],
}

interface Shape {
  /** As the document writes it, by hand. */
  says: Readonly<Record<string, string>>
  /** What it leaves open or does not have, with PostgreSQL's type. */
  ours: Readonly<Record<string, string>>
}

/** Tables by name only; of their columns those that its examples fill. */
const document1: Readonly<Record<string, Shape>> = {
  provider_connections: {
    says: {
      provider: 'String',
      provider_user_id: 'String',
      access_token: 'String',
      refresh_token: 'String',
      token_expires_at: 'DateTime',
      provider_profile: 'JSONB',
    },
    ours: {
      id: 'uuid',
      user_id: 'uuid',
      scope: 'text',
      is_active: 'boolean',
      connected_at: 'timestamp with time zone',
      last_sync_at: 'timestamp with time zone',
      created_at: 'timestamp with time zone',
      updated_at: 'timestamp with time zone',
    },
  },
  sync_history: {
    says: {},
    ours: {
      id: 'uuid',
      user_id: 'uuid',
      connection_id: 'uuid',
      provider: 'text',
      sync_type: 'text',
      status: 'text',
      started_at: 'timestamp with time zone',
      completed_at: 'timestamp with time zone',
      items_fetched: 'integer',
      items_created: 'integer',
      items_updated: 'integer',
      items_skipped: 'integer',
      items_failed: 'integer',
      error_code: 'text',
      error_message: 'text',
      error_details: 'jsonb',
    },
  },
  workouts: {
    says: {},
    ours: {
      id: 'uuid',
      user_id: 'uuid',
      title: 'text',
      description: 'text',
      sport_type: 'text',
      scheduled_date: 'date',
      scheduled_at: 'timestamp with time zone',
      duration_seconds: 'double precision',
      distance_meters: 'double precision',
      status: 'text',
      activity_id: 'uuid',
      created_at: 'timestamp with time zone',
      updated_at: 'timestamp with time zone',
      connection_id: 'uuid',
      provider: 'text',
      provider_workout_id: 'text',
    },
  },
  activities: {
    says: { activity_data: 'JSONB' },
    ours: {
      id: 'uuid',
      user_id: 'uuid',
      connection_id: 'uuid',
      provider: 'text',
      provider_activity_id: 'text',
      name: 'text',
      sport_type: 'text',
      start_date: 'timestamp with time zone',
      end_date: 'timestamp with time zone',
      elapsed_time: 'numeric',
      distance: 'double precision',
      created_at: 'timestamp with time zone',
      updated_at: 'timestamp with time zone',
    },
  },
}

/** Its four models, whole. Whose a row is stands with each here. */
const document2: Readonly<Record<string, Shape>> = {
  devices: {
    says: {
      id: 'UUID',
      user_id: 'UUID',
      device_type: 'String',
      device_name: 'String',
      manufacturer: 'String',
      model: 'String',
      serial_number: 'String',
      firmware_version: 'String',
      capabilities: 'JSON',
      integration_type: 'String',
      credentials: 'JSON',
      sync_settings: 'JSON',
      status: 'String',
      last_seen: 'DateTime',
      last_sync: 'DateTime',
      next_sync: 'DateTime',
      battery_level: 'Integer',
      signal_strength: 'String',
      created_at: 'DateTime',
      updated_at: 'DateTime',
    },
    ours: {},
  },
  device_data: {
    says: {
      id: 'UUID',
      device_id: 'UUID',
      data_type: 'String',
      timestamp: 'DateTime',
      values: 'JSON',
      metadata: 'JSON',
      quality_score: 'Float',
      processed: 'Boolean',
      validated: 'Boolean',
      created_at: 'DateTime',
    },
    ours: { user_id: 'uuid' },
  },
  sync_history: {
    says: {
      id: 'UUID',
      device_id: 'UUID',
      sync_type: 'String',
      status: 'String',
      start_time: 'DateTime',
      end_time: 'DateTime',
      duration_seconds: 'Integer',
      records_processed: 'Integer',
      records_synced: 'Integer',
      records_failed: 'Integer',
      error_message: 'Text',
      error_details: 'JSON',
      created_at: 'DateTime',
    },
    ours: { user_id: 'uuid', sync_id: 'uuid' },
  },
  device_health: {
    says: {
      id: 'UUID',
      device_id: 'UUID',
      timestamp: 'DateTime',
      battery_level: 'Integer',
      signal_strength: 'String',
      temperature: 'Float',
      status: 'String',
      is_online: 'Boolean',
      errors: 'JSON',
      warnings: 'JSON',
      created_at: 'DateTime',
    },
    ours: { user_id: 'uuid' },
  },
}

/** Two tables whole, with the column that its notes announce; `sleep_records` by name only. */
const document4: Readonly<Record<string, Shape>> = {
  wearable_connections: {
    says: {
      id: 'TEXT',
      user_id: 'TEXT',
      provider: 'TEXT',
      access_token: 'TEXT',
      refresh_token: 'TEXT',
      token_expires_at: 'TEXT (TIMESTAMP)',
      user_external_id: 'TEXT',
      granted_scopes: 'TEXT',
      is_active: 'INTEGER',
      connected_at: 'TEXT (TIMESTAMP)',
      last_sync_at: 'TEXT (TIMESTAMP)',
      created_at: 'TEXT (TIMESTAMP)',
      updated_at: 'TEXT (TIMESTAMP)',
    },
    ours: {},
  },
  wearable_sync_history: {
    says: {
      id: 'TEXT',
      user_id: 'TEXT',
      provider: 'TEXT',
      sync_date_from: 'TEXT (DATE)',
      sync_date_to: 'TEXT (DATE)',
      sync_started_at: 'TEXT (TIMESTAMP)',
      sync_completed_at: 'TEXT (TIMESTAMP)',
      status: 'TEXT',
      sync_trigger: 'TEXT',
      records_fetched: 'INTEGER',
      records_inserted: 'INTEGER',
      records_updated: 'INTEGER',
      records_skipped: 'INTEGER',
      error_code: 'TEXT',
      error_message: 'TEXT',
    },
    ours: {},
  },
  sleep_records: {
    says: {},
    ours: {
      id: 'text',
      user_id: 'text',
      sleep_date: 'date',
      bed_time: 'timestamp with time zone',
      wake_time: 'timestamp with time zone',
      is_nap: 'boolean',
      time_in_bed_minutes: 'double precision',
      total_sleep_minutes: 'double precision',
      deep_sleep_minutes: 'double precision',
      light_sleep_minutes: 'double precision',
      rem_sleep_minutes: 'double precision',
      awake_minutes: 'double precision',
      avg_heart_rate: 'double precision',
      data_source: 'text',
      created_at: 'timestamp with time zone',
      updated_at: 'timestamp with time zone',
    },
  },
}

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database?.drop())

/** Each view of a schema, with its columns and their types. */
async function viewsOf(schema: string): Promise<Record<string, Record<string, string>>> {
  const { rows } = await asAdmin(database.admin, (client) =>
    client.query<{ view: string; columns: Record<string, string> }>(
      `select c.relname as view, json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
       where c.relnamespace = $1::regnamespace and c.relkind = 'v'
       group by c.relname`,
      [schema],
    ),
  )
  return Object.fromEntries(rows.map(({ view, columns }) => [view, columns]))
}

/** A document's types stand for any that holds what they hold: the one that is there, when it is one of them. */
function expected(shapes: Readonly<Record<string, Shape>>, found: Record<string, Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(shapes).map(([view, { says, ours }]) => {
      const named = Object.entries(says).map(([column, word]) => {
        const there = found[view]?.[column]
        const fitting = kinds[word] ?? []
        return [column, fitting.find((type) => type === there) ?? fitting.join(' or ')]
      })
      return [view, { ...Object.fromEntries(named), ...ours }]
    }),
  )
}

test.each([
  ['document 1', 'doc1', document1],
  ['document 2', 'doc2', document2],
  ['document 2, in its own schema', 'device_data', document2],
  ['document 4', 'doc4', document4],
] as const)(
  'the tables of %s have every column that it names, with its type, and no others than these',
  async (_name, schema, shapes) => {
    const found = await viewsOf(schema)
    expect(found).toEqual(expected(shapes, found))
  },
)
