/** Every leaf of every file of an export of ours comes back as what it was, or has its reason here. */
import { expect, test } from 'vitest'
import type { Piece } from '../piece.ts'
import { ownExportSeed, seedStart } from '../testing/own-export-seed.ts'
import { type Read, readArchive } from '../testing/read.ts'
import { changedAt, leafPaths, plainArrays } from '../testing/silent-leaves.ts'
import { exportLists, exportParts, listPath, manifestPath, partPath } from './layout.ts'
import { ownExport } from './read-export.ts'

/** Leaves that may say anything without a difference, and why. */
const unused: Readonly<Record<string, string>> = {
  'manifest.json created_at': 'when it was written: each thing has its own time',
  'manifest.json start_time': 'what was asked for: what is there says itself',
  'manifest.json end_time': 'what was asked for: what is there says itself',
  'manifest.json metrics.*': 'what was asked for: what is there says itself',
  'sessions/0.ndjson is_nap': 'a workout is no nap',
}

const read = (files: Readonly<Record<string, string>>): Promise<Read> => readArchive(ownExport, files)
const text = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

/** What was understood. What was refused, or warned about, has been looked at. */
const said = ({ pieces, ending }: Read): string =>
  JSON.stringify(
    [pieces.map(({ progress, unusable, ...piece }) => piece), ending.rejectedByCode, ending.warnings],
    plainArrays,
  )

test('no leaf of any file of an export of ours is passed over without a word', async () => {
  const before = said(await read(ownExportSeed))
  const silent = new Set<string>()
  let tried = 0
  for (const [path, file] of Object.entries(ownExportSeed).filter(([path]) => !path.startsWith('files/'))) {
    const records =
      path === manifestPath
        ? [JSON.parse(file)]
        : file
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
    for (const [row, record] of records.entries())
      for (const leaf of leafPaths(record)) {
        tried++
        const others = [false, true].map((isMore) => {
          const changed = records.with(row, changedAt(record, leaf, isMore))
          return read({ ...ownExportSeed, [path]: text(changed) }).then(said, (error: Error) => error.message)
        })
        const isHeard = (await Promise.all(others)).some((other) => other !== before)
        if (!isHeard) silent.add(`${path} ${leaf.map((step) => (typeof step === 'number' ? '*' : step)).join('.')}`)
      }
  }
  expect([...silent].sort()).toEqual(Object.keys(unused).sort())
  expect(tried).toBeGreaterThan(100)
})

const at = (minute: number) => seedStart + minute * 60_000
const times = Float64Array.of(at(0), at(1), at(2))
const track = {
  t: times,
  lat: Float64Array.of(52.1, 52.2, Number.NaN),
  lon: Float64Array.of(13.1, 13.2, Number.NaN),
  ele: Float64Array.of(34.5, Number.NaN, 36.5),
}
const source = {
  key: '0198c7e2-0000-7000-8000-000000000001',
  name: 'Ana’s watch',
  manufacturer: 'Acme',
  model: 'Watch 3',
  serial: 'AW3-0815',
  firmware: '3.1.4',
  app: 'Acme Sync',
  was: { kind: 'device', archive: 'apple_health', key: 'acme watch 3', deviceType: 'smartwatch' },
}

const readings: Record<string, Piece['readings']> = {
  samples: [
    {
      kind: 'series',
      metric: 'steps',
      method: 'automatic',
      t: Float64Array.of(at(0), at(2)),
      v: Float64Array.of(90, 17),
      durations: Float64Array.of(60_000, 30_000),
      qualities: Uint32Array.of(1, 500_010),
      offsets: Int16Array.of(120, 60),
    },
    {
      kind: 'series',
      metric: 'steps',
      method: 'manual',
      t: Float64Array.of(at(1)),
      v: Float64Array.of(4),
      durations: Float64Array.of(60_000),
      qualities: Uint32Array.of(2),
      offsets: Int16Array.of(120),
    },
  ],
  days: [{ kind: 'day', metric: 'resting_heart_rate', date: '2026-10-14', value: 57.5, quality: 'good', place: 0 }],
  events: [
    {
      kind: 'event',
      metric: 'blood_pressure',
      start: at(0),
      end: at(31),
      value: { systolic: 121, diastolic: 79, posture: 'sitting' },
      quality: 'fair',
      offset: 120,
      externalId: 'cuff 1',
      place: 0,
    },
  ],
  positions: [{ kind: 'positions', track }],
}

const run = {
  kind: 'session',
  type: 'workout',
  activity: 'running',
  title: 'Along the river',
  start: at(0),
  end: at(31),
  offset: 120,
  externalId: 'run 1',
  totals: { distance: 5_200, heart_rate_min: 88, heart_rate_avg: 148, heart_rate_max: 171 },
  parts: [
    {
      kind: 'lap',
      start: at(0),
      end: at(1),
      label: 'manual',
      intensity: 'active',
      totals: { distance: 200, speed_avg: 3.4 },
    },
  ],
  track,
  streams: { distance: { t: Float64Array.of(at(0), at(31)), v: Float64Array.of(0, 5_200) } },
  derived: ['distance'],
  extra: { sport: 1, creator: { name: 'Acme Sync' } },
}

const nap = {
  kind: 'session',
  type: 'sleep',
  isNap: true,
  start: at(0),
  end: at(31),
  offset: 120,
  externalId: 'nap 1',
  totals: { sleep_total: 1_500 },
  parts: [{ kind: 'stage', start: at(0), end: at(31), label: 'deep', totals: {} }],
  derived: [],
  extra: {},
}

const untouched = { notes: null, edits: null, format: null, fileName: null, file: null, hash: null }
const restored = [
  {
    externalId: 'run 1',
    hash: '0123456789abcdef'.repeat(4),
    notes: 'Windy',
    edits: { title: 'Run', activity: 'walking', totals: { distance: 5_190, energy_total: null } },
    format: 'fit',
    fileName: 'river.fit',
    file: '0198c7e2-0000-7000-8000-00000000f11e',
  },
  { externalId: 'nap 1', ...untouched },
]

const plan = {
  id: '0198c7e2-0000-7000-8000-0000000000aa',
  activity: 'running',
  title: 'Easy run',
  description: 'Slowly',
  date: '2026-10-14',
  start: at(0),
  duration: 1_800,
  distance: 5_000,
  skipped: at(31),
  matchedBy: 'rule',
  session: { source, externalId: 'run 1' },
  told: { source, externalId: 'plan 1' },
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

const suppression = {
  id: '0198c7e2-0000-7000-8000-0000000000bb',
  source,
  metric: 'body_mass',
  externalId: 'scale 7',
  title: 'Somebody else on the scale',
  from: at(0),
  to: at(31),
}

test('each file of an export of ours is read leaf by leaf as what was written', async () => {
  const { pieces, ending } = await read(ownExportSeed)
  const ours = pieces.map(({ progress, ...piece }) => piece)
  const empty = { source, readings: [], sessions: [], unusable: [] }
  const ofNobody = { ...empty, source: { key: 'tributary', name: 'Tributary' } }
  const nothing = { sessions: [], plans: [], suppressions: [] }
  expect(ours).toEqual([
    ...Object.values(readings).map((of) => ({ ...empty, readings: of })),
    { ...empty, sessions: [run, nap], restored: { ...nothing, sessions: restored } },
    { ...ofNobody, restored: { ...nothing, plans: [plan] } },
    { ...ofNobody, restored: { ...nothing, suppressions: [suppression] } },
  ])
  expect(ending).toEqual({
    format: 'tributary',
    records: 12,
    rejected: [],
    rejectedByCode: {},
    warnings: [],
    unused: [],
  })
})

test('the export that is tried has every kind of file', () => {
  const paths = [...exportParts.map((part) => partPath(part, 0)), ...exportLists.map(listPath), manifestPath]
  const ofLines = Object.keys(ownExportSeed).filter((path) => !ownExport.keeps?.(path))
  expect(ofLines.sort()).toEqual(paths.sort())
})

test.each([
  ['times that go back', 'samples', { t: [seedStart, -1, 2] }, 'its times go back'],
  ['a time before the year 2000', 'samples', { t: [1, 1, 1] }, '1970-01-01T00:00:00.001Z is before the year 2000'],
  ['a value that is none', 'samples', { v: [90, null, 17] }, 'a value cannot be NaN'],
  ['a length below zero', 'samples', { d: [1, -1, 1] }, 'a length cannot be -1'],
  ['a quality that nobody says', 'samples', { q: [1, 2, 2e6] }, 'a quality cannot be 2000000'],
  ['an offset of a year', 'samples', { z: [120, 525_600, 60] }, 'an offset cannot be 525600'],
  ['an event that ends before it begins', 'events', { end: seedStart - 1 }, 'it ends before it begins'],
  ['a place beyond the pole', 'positions', { lat: [91, 52, 52] }, 'a place is not on Earth'],
  ['a session of the year 9999', 'sessions', { end: 253_370_764_800_000 }, '9999-01-01T00:00:00.000Z has not come yet'],
] as const)('%s is refused with its line and its reason', async (_, part, changes, reason) => {
  const path = partPath(part, 0)
  const lines = (ownExportSeed[path] as string).trim().split('\n')
  const changed = { ...JSON.parse(lines[0] as string), ...changes }
  const { ending, pieces } = await read({
    ...ownExportSeed,
    [path]: text([changed, ...lines.slice(1).map((line) => JSON.parse(line))]),
  })
  expect(ending.rejected).toEqual([{ index: 0, code: 'line_unreadable', detail: `${part}: ${reason}` }])
  expect(pieces.flatMap(({ unusable }) => unusable).map(({ raw }) => raw)).toEqual([
    `{"part":"${part}"}\n${JSON.stringify(changed)}`,
  ])
})
