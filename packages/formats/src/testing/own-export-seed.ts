/** A small export of ours: every kind of file, every field that its layout knows, which the compiler holds it to. */
import { writeColumn, writeSteps } from '../own-export/columns.ts'
import {
  type DayLine,
  type EventLine,
  type ExportPart,
  type ExportSource,
  exportFormat,
  exportVersion,
  listPath,
  type Manifest,
  manifestPath,
  type PlanLine,
  partPath,
  type SampleLine,
  type SessionLine,
  type SuppressionLine,
  type WayLine,
} from '../own-export/layout.ts'

export const seedStart = Date.UTC(2026, 9, 14, 7, 5)

const minutes = (...after: number[]) => after.map((one) => seedStart + one * 60_000)
const [start = 0, end = 0] = minutes(0, 31)
const file = '0198c7e2-0000-7000-8000-00000000f11e'

const source: Required<ExportSource> = {
  key: '0198c7e2-0000-7000-8000-000000000001',
  name: 'Ana’s watch',
  kind: 'device',
  archive: 'apple_health',
  external_key: 'acme watch 3',
  device_type: 'smartwatch',
  manufacturer: 'Acme',
  model: 'Watch 3',
  serial: 'AW3-0815',
  firmware: '3.1.4',
  app: 'Acme Sync',
}

const samples: Required<SampleLine> = {
  metric: 'steps',
  n: 3,
  t: writeSteps(minutes(0, 1, 2)),
  v: writeColumn([90, 4, 17]),
  d: writeColumn([60_000, 60_000, 30_000]),
  q: writeColumn([1, 2, 500_010]),
  z: writeColumn([120, 120, 60]),
  m: writeColumn([1, 3, 1]),
}

const day: Required<DayLine> = { metric: 'resting_heart_rate', date: '2026-10-14', value: 57.5, quality: 1 }

const event: Required<EventLine> = {
  metric: 'blood_pressure',
  start,
  end,
  value: { systolic: 121, diastolic: 79, posture: 'sitting' },
  quality: 2,
  offset: 120,
  external_id: 'cuff 1',
}

const way: Required<WayLine> = {
  n: 3,
  t: writeSteps(minutes(0, 1, 2)),
  lat: writeColumn([52.1, 52.2, Number.NaN]),
  lon: writeColumn([13.1, 13.2, Number.NaN]),
  ele: writeColumn([34.5, Number.NaN, 36.5]),
}

const run: Required<SessionLine> = {
  type: 'workout',
  is_nap: false,
  external_id: 'run 1',
  activity: 'running',
  title: 'Along the river',
  notes: 'Windy',
  start,
  end,
  offset: 120,
  totals: { distance: 5_200, heart_rate_min: 88, heart_rate_avg: 148, heart_rate_max: 171 },
  derived: ['distance'],
  extra: { sport: 1, creator: { name: 'Acme Sync' } },
  edits: { title: 'Run', activity: 'walking', totals: { distance: 5_190, energy_total: null } },
  file: `files/${file}/`,
  format: 'fit',
  file_name: 'river.fit',
  hash: '0123456789abcdef'.repeat(4),
  parts: [
    {
      kind: 'lap',
      start,
      end: start + 60_000,
      label: 'manual',
      intensity: 'active',
      totals: { distance: 200, speed_avg: 3.4 },
    },
  ],
  track: way,
  streams: { distance: { n: 2, t: writeSteps(minutes(0, 31)), v: writeColumn([0, 5_200]) } },
}

const nap: Required<SessionLine> = {
  ...run,
  type: 'sleep',
  is_nap: true,
  external_id: 'nap 1',
  activity: null,
  title: null,
  notes: null,
  totals: { sleep_total: 1_500 },
  derived: [],
  extra: {},
  edits: null,
  file: null,
  format: null,
  file_name: null,
  hash: null,
  parts: [{ kind: 'stage', start, end, label: 'deep', intensity: null, totals: {} }],
  track: null,
  streams: {},
}

const plan: Required<PlanLine> = {
  id: '0198c7e2-0000-7000-8000-0000000000aa',
  activity: 'running',
  title: 'Easy run',
  description: 'Slowly',
  date: '2026-10-14',
  start,
  duration: 1_800,
  distance: 5_000,
  skipped: end,
  matched_by: 'rule',
  session: { source: 0, external_id: 'run 1' },
  told: { source: 0, external_id: 'plan 1' },
  edits: {
    activity: 'walking',
    title: 'Run',
    description: null,
    scheduled_on: '2026-10-13',
    start_time: null,
    duration: 1_700,
    distance: 4_800,
  },
}

const suppression: Required<SuppressionLine> = {
  id: '0198c7e2-0000-7000-8000-0000000000bb',
  source: 0,
  metric: 'body_mass',
  external_id: 'scale 7',
  title: 'Somebody else on the scale',
  start,
  end,
}

const lines: Record<ExportPart, object[]> = {
  samples: [samples],
  days: [day],
  events: [event],
  positions: [way],
  sessions: [run, nap],
}

const manifest: Required<Manifest> = {
  format: exportFormat, // first: it is what an archive is known by
  version: exportVersion,
  created_at: '2026-10-15T00:00:00.000Z',
  start_time: '2026-10-14T00:00:00.000Z',
  end_time: '2026-10-15T00:00:00.000Z',
  metrics: ['steps'],
  sources: [source],
  counts: {
    samples: 3,
    days: 1,
    events: 1,
    positions: 3,
    sessions: 2,
    planned_sessions: 1,
    suppressions: 1,
    files: 1,
  },
}

const text = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

export const ownExportSeed: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(lines).map(([part, of]) => [partPath(part as ExportPart, 0), text(of)])),
  [listPath('planned_sessions')]: text([plan]),
  [listPath('suppressions')]: text([suppression]),
  [`files/${file}/river.fit`]: 'kept byte for byte, and read by nobody here',
  [manifestPath]: JSON.stringify(manifest),
}
