import { writeRide, zipOf } from '@tributary/formats/testing'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimImport, LeaseLost } from './queue.queries.ts'
import { mostDeaths } from './run-import.ts'
import type { SentFile } from './test-uploads.ts'
import { type TestWorkers, testWorkers } from './test-workers.ts'

/** DEEP dies at each point, else at every fourth. */
const stride = process.env['DEEP'] ? 1 : 4

let workers: TestWorkers

beforeAll(async () => {
  workers = await testWorkers()
})
afterAll(() => workers.close())

const start = Date.UTC(2025, 8, 6, 9)
const ride = (seed: number): SentFile => ({
  name: `${seed}.fit`,
  bytes: writeRide({ start, seconds: 100, seed, lapSeconds: 60 }),
})
/** New, changed, broken, known and rejected values are all among them. */
const files = (): SentFile[] => [
  ride(1),
  { name: 'noise.fit', bytes: Buffer.from('noise') },
  ride(2),
  ride(2),
  { name: 'cut.fit', bytes: writeRide({ start: start + 86_400_000, seconds: 200 }).subarray(0, 4_000) },
]

interface Result {
  files: Record<string, unknown>[]
  sessions: unknown[]
  samples: unknown[]
  rows: unknown
}

/** Everything an import leaves, but for ids and the clock. */
async function resultOf(userId: string, importId: string): Promise<Result> {
  const { query } = workers.store
  const files = await query<Record<string, unknown>>(
    `select position, name, format, status, bytes_read, records, samples, changed, duplicates, sessions,
       cardinality(session_ids) as session_ids, rejected, rejections, warnings, reason, deleted
     from tributary.import_files where user_id = $1 and import_id = $2 order by position`,
    [userId, importId],
  )
  const sessions = await query(
    `select external_id, activity, start_at, end_at, totals, derived, activity_data, file_name,
       (select count(*) from tributary.session_parts p where p.user_id = s.user_id and p.session_id = s.session_id) as parts,
       (select encode(sha256(data), 'hex') from tributary.tracks t where t.user_id = s.user_id and t.session_id = s.session_id) as way,
       (select count(*) from tributary.session_streams t where t.user_id = s.user_id and t.session_id = s.session_id) as streams
     from tributary.sessions s where user_id = $1 order by external_id`,
    [userId],
  )
  const rows = await query(
    `select (select status from tributary.imports where user_id = $1 and import_id = $2) as import,
       (select count(*)::int from tributary.quarantine where user_id = $1 and import_id = $2) as quarantined,
       (select row(bytes_done, records, samples, sessions, duplicates, rejected, deleted, files_total, files_ended)::text
         from tributary.imports where user_id = $1 and import_id = $2) as sums,
       (select count(*) from tributary.devices where user_id = $1) as devices,
       (select count(*) from tributary.sources where user_id = $1) as sources`,
    [userId, importId],
  )
  const series = await query<{ series_id: string; metric: string }>(
    `select e.series_id, e.metric from tributary.series e join tributary.sources s using (user_id, source_id)
     where e.user_id = $1 order by e.metric, s.kind`,
    [userId],
  )
  const samples = []
  for (const { series_id, metric } of series) {
    const { t, v } = await workers.samples.readAll({
      userId,
      seriesIds: [Number(series_id)],
      from: 0,
      to: Date.UTC(2030, 0),
    })
    samples.push([metric, [...t], [...v]])
  }
  return { files, sessions, samples, rows }
}

let undisturbed: Result
let points: number
beforeAll(async () => {
  const { userId, importId } = await workers.queue(files())
  const life = await workers.live()
  expect(life.ended).toBe('finished')
  points = life.points
  undisturbed = await resultOf(userId, importId)
})

test('an import that nothing disturbs counts new, changed, known and lost values exactly', () => {
  expect(
    undisturbed.files.map(({ status, samples, changed, duplicates, sessions }) => [
      status,
      samples,
      sessions,
      Number(changed) > 0,
      Number(changed) + Number(duplicates),
    ]),
  ).toEqual([
    ['done', 600, 1, false, 0],
    ['failed', 0, 0, false, 0],
    ['done', 0, 1, true, 600],
    ['duplicate', 0, 0, false, 600],
    ['partial', expect.any(Number), 1, false, 0],
  ])
  expect(undisturbed.rows).toMatchObject([{ import: 'partial', devices: 1, sources: 2 }]) // the other source is the test's own
})

describe('a worker that dies', () => {
  test('at a point of its work leaves an import that the next one ends as if nothing had been', async () => {
    for (let dieAt = 0; dieAt < points; dieAt += stride) {
      const { userId, importId } = await workers.queue(files())
      expect((await workers.live(dieAt)).ended).toBe('died')
      expect((await workers.live()).ended).toBe('finished')
      expect(await resultOf(userId, importId), `after a death at point ${dieAt}`).toEqual(undisturbed)
    }
  }, 120_000)

  test('again and again, at points drawn, costs no value and doubles none', async () => {
    const deaths = fc.array(fc.nat({ max: points }), { minLength: 2, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(deaths, async (drawn) => {
        const { userId, importId } = await workers.queue(files())
        for (const dieAt of drawn) await workers.live(dieAt)
        await workers.live()
        expect(await resultOf(userId, importId)).toEqual(undisturbed)
        expect((await workers.live()).ended).toBe('idle')
      }),
      { numRuns: runs(4) },
    )
  }, 120_000)

  test('only seemingly, and wakes when another has done its work, changes nothing any more', async () => {
    for (let dieAt = 1; dieAt < points - 1; dieAt += 2 * stride) {
      const { userId, importId } = await workers.queue(files())
      const sleeper = await workers.live(dieAt)
      await workers.live()
      expect(await sleeper.wake()).toBeInstanceOf(LeaseLost)
      expect(await resultOf(userId, importId), `woken at point ${dieAt}`).toEqual(undisturbed)
    }
  }, 120_000)

  test(`${mostDeaths} times over the same file gives that file up, and goes on with the next`, async () => {
    const { userId, importId } = await workers.queue([ride(3), ride(4)])
    for (let death = 0; death < mostDeaths; death++) expect((await workers.live(1)).ended).toBe('died')
    expect((await workers.live()).ended).toBe('finished')
    const { files, rows } = await resultOf(userId, importId)
    expect(files.map(({ status }) => status)).toEqual(['failed', 'done'])
    expect(files[0]?.['reason']).toBe(
      `The program ended ${mostDeaths} times while it read this file, so it is not read again`,
    )
    expect(rows).toMatchObject([{ import: 'partial' }])
  }, 60_000)
})

/** Read piece by piece, after an older export of which it lacks some: readings, a night, a workout, records that cannot be used. */
describe('a worker that dies over an archive', () => {
  const archive = (): SentFile => ({
    name: 'all.zip',
    bytes: zipOf({
      'export.zip': zipOf({ 'apple_health_export/export.xml': exportOf(heartRates(240).slice(20), '2025-09-20') }),
      'a.fit': ride(1).bytes,
      'b.fit': ride(6).bytes,
    }),
  })
  const older = (): SentFile => ({
    name: 'older.zip',
    bytes: zipOf({ 'apple_health_export/export.xml': exportOf(heartRates(200), '2025-09-10') }),
  })

  /** An older export read, a newer one queued. */
  async function queued() {
    const { userId } = await workers.queue([older()])
    await workers.live()
    return workers.queue([archive()], userId)
  }

  test('at any point leaves one that the next ends as if nothing had been, to the last count', async () => {
    const first = await queued()
    const life = await workers.live()
    expect(life.ended).toBe('finished')
    const wanted = await resultOf(first.userId, first.importId)
    expect(wanted.files.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done'])
    expect(wanted.files.find(({ name }) => String(name).endsWith('export.zip'))).toMatchObject({
      samples: 40,
      duplicates: 180,
      rejected: 2,
      deleted: 20,
    })
    expect(wanted.rows).toMatchObject([{ quarantined: 2 }])
    expect(life.points).toBeGreaterThan(15)
    for (let dieAt = 0; dieAt < life.points; dieAt += stride / 2) {
      const { userId, importId } = await queued()
      expect((await workers.live(Math.floor(dieAt))).ended).toBe('died')
      expect((await workers.live()).ended).toBe('finished')
      expect(await resultOf(userId, importId), `after a death at point ${dieAt}`).toEqual(wanted)
    }
  }, 240_000)
})

interface Heart {
  at: number
  bpm: number
}

const heartRates = (n: number): Heart[] =>
  Array.from({ length: n }, (_, i) => ({ at: start + i * 60_000, bpm: 60 + (i % 40) }))

function exportOf(hearts: readonly Heart[], asOf: string): string {
  const stamp = (ms: number) =>
    new Date(ms)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, ' +0000')
  const record = (type: string, unit: string, from: number, to: number, value: string) =>
    `<Record type="${type}" sourceName="Watch" unit="${unit}" startDate="${stamp(from)}" endDate="${stamp(to)}" value="${value}"/>`
  const heart = 'HKQuantityTypeIdentifierHeartRate'
  return `<HealthData locale="en_GB"><ExportDate value="${asOf} 00:00:00 +0000"/>
${hearts.map(({ at, bpm }) => record(heart, 'count/min', at, at, String(bpm))).join('\n')}
${record(heart, 'count/min', start - 60_000, start - 60_000, '9000')}
${record(heart, 'count/min', start - 60_000, start - 60_000, 'fast')}
${record('HKCategoryTypeIdentifierSleepAnalysis', '', start + 50_000_000, start + 60_000_000, 'HKCategoryValueSleepAnalysisAsleepDeep')}
</HealthData>`
}

test('of many workers that reach for one import at once, one gets it', async () => {
  await workers.queue([ride(5)])
  const claims = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      workers.db.asWriter((tx) => claimImport(tx, `00000000-0000-0000-0000-00000000000${i}`, 60_000)),
    ),
  )
  expect(claims.filter(Boolean)).toHaveLength(1)
})
