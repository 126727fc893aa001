import { gzipSync } from 'node:zlib'
import { writeRide } from '@tributary/formats/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { fixture, importFiles, listSessions } from './test-uploads.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** A person of one test's own, with nothing yet. */
const newcomer = () => server.person()
const day = (n: number) => Date.UTC(2025, 3, n, 8)
const ride = (n: number, more = {}) => writeRide({ start: day(n), seconds: 120, ...more })
const get = async (person: SignedInPerson, path: string) =>
  (await server.call('GET', path, { token: person.token })) as { status: number; body: Record<string, unknown> }
const ask = <T>(query: string, values: unknown[]) =>
  asAdmin(server.database.admin, async (client) => (await client.query(query, values)).rows as T[])

describe('what becomes of a file', () => {
  test('a ride recorded as FIT becomes one session with its distance, its way, its laps and its samples', async () => {
    const person = await newcomer()
    const done = await importFiles(server, person, [
      { name: 'ride.fit', bytes: writeRide({ start: day(1), seconds: 600, lapSeconds: 200, offset: 120 }) },
    ])
    expect(done).toMatchObject({ status: 'done', records: 600, bytes: done.bytes_total, eta_seconds: null })
    const [file] = done.files
    expect(file).toMatchObject({
      status: 'done',
      format: 'fit',
      records: 600,
      samples: 3_600,
      sessions: 1,
      rejected: 0,
    })
    const { items } = await listSessions(server, person)
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      session_id: file?.session_ids[0],
      type: 'workout',
      activity: 'cycling',
      start_time: '2025-04-01T08:00:00Z',
      end_time: '2025-04-01T08:09:59Z',
      utc_offset_minutes: 120,
      import_id: done.import_id,
      file_name: 'ride.fit',
      has_track: true,
      has_file: true,
    })
    expect(items[0]?.totals['distance']).toBeCloseTo(4_545.72, 1)
    const path = `/api/v1/sessions/${items[0]?.session_id}`
    expect((await get(person, `${path}/laps`)).body['items']).toHaveLength(3)
    expect((await get(person, `${path}/track`)).body['time']).toHaveLength(600)
    const { streams } = (await get(person, `${path}/streams`)).body as { streams: Record<string, { values: number[] }> }
    expect(Object.keys(streams).sort()).toEqual(
      ['ambient_temperature', 'cadence', 'distance', 'elevation', 'heart_rate', 'power', 'speed'].sort(),
    )
  })

  test('FIT, TCX and GPX, plain and gzipped, dropped at once, each become their session; a broken one among them costs only itself', async () => {
    const person = await newcomer()
    const walk = await fixture('fit/garmin-fenix-5-walk.fit')
    const swim = await fixture('tcx/sup_activity_1.tcx')
    const tour = await fixture('gpx/cerknicko-jezero.gpx')
    const done = await importFiles(server, person, [
      { name: 'walk.fit', bytes: walk },
      { name: 'notes.txt', bytes: Buffer.from('not an activity at all') },
      { name: 'sup.tcx.gz', bytes: gzipSync(swim) },
      { name: 'tour.gpx.gz', bytes: gzipSync(tour) },
      { name: 'ride.fit.gz', bytes: gzipSync(ride(2)) },
      { name: 'empty.fit', bytes: Buffer.alloc(0) },
    ])
    expect(done.status).toBe('partial')
    expect(done.files.map(({ name, format, status }) => [name, format, status])).toEqual([
      ['notes.txt', null, 'failed'], // what somebody should look at comes first
      ['empty.fit', null, 'failed'],
      ['walk.fit', 'fit', 'done'],
      ['sup.tcx.gz', 'tcx', 'done'],
      ['tour.gpx.gz', 'gpx', 'done'],
      ['ride.fit.gz', 'fit', 'done'],
    ])
    expect(done.files.map(({ reason }) => reason).slice(0, 2)).toEqual([
      'this is neither FIT nor TCX nor GPX',
      'the file is empty',
    ])
    expect(done.files_by_status).toEqual({ failed: 2, done: 4 })
    expect(done.bytes).toBe(done.bytes_total)
    expect(done.files.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(
      (await listSessions(server, person)).items.length,
    )
  })

  test('a file that breaks off gives what could be read, and says so', async () => {
    const person = await newcomer()
    const [file] = (await importFiles(server, person, [{ name: 'cut.fit', bytes: ride(3).subarray(0, 2_000) }])).files
    expect(file).toMatchObject({ status: 'partial', sessions: 1 })
    expect(file?.warnings.map(({ code }) => code)).toContain('truncated')
    expect(file?.samples).toBeGreaterThan(0)
  })

  test('values that no living person has are refused with their place and reason, the others stay', async () => {
    const person = await newcomer()
    const point = (second: number, heartRate: number) =>
      `<trkpt lat="50.0${second}" lon="19.9"><ele>200</ele><time>2025-04-04T08:00:0${second}Z</time><extensions>
        <g:TrackPointExtension><g:hr>${heartRate}</g:hr></g:TrackPointExtension></extensions></trkpt>`
    const gpx = `<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:g="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
      <trk><trkseg>${point(1, 140)}${point(2, 900)}${point(3, 141)}</trkseg></trk></gpx>`
    const done = await importFiles(server, person, [{ name: 'run.gpx', bytes: Buffer.from(gpx) }])
    expect(done.files[0]).toMatchObject({
      status: 'done',
      rejected: 1,
      rejections: [{ index: 1, code: 'out_of_range' }],
    })
    const [session] = (await listSessions(server, person)).items
    const { streams } = (await get(person, `/api/v1/sessions/${session?.session_id}/streams`)).body as {
      streams: Record<string, { values: (number | null)[] }>
    }
    expect(streams['heart_rate']?.values).toEqual([140, null, 141])
    expect(session?.totals['heart_rate_max']).toBe(141)
    const tcx = `<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
      <Activity Sport="Running"><Id>2025-04-05T08:00:00Z</Id><Lap StartTime="2025-04-05T08:00:00Z">
      <TotalTimeSeconds>600</TotalTimeSeconds><DistanceMeters>2000</DistanceMeters>
      <MaximumHeartRateBpm><Value>999</Value></MaximumHeartRateBpm></Lap></Activity></Activities></TrainingCenterDatabase>`
    const lap = await importFiles(server, person, [{ name: 'run.tcx', bytes: Buffer.from(tcx) }])
    expect(lap.files[0]).toMatchObject({ status: 'done', sessions: 1, rejected: 2 })
    expect(lap.files[0]?.rejections.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('heart_rate_max can be 20 to 300 bpm'),
      expect.stringContaining('heart_rate_max of lap 1 can be 20 to 300 bpm'),
    ])
    expect((await listSessions(server, person)).items[0]?.totals).not.toHaveProperty('heart_rate_max')
  })

  test('the same file again is a duplicate: nothing is added, and it points to the session that is there', async () => {
    const person = await newcomer()
    const bytes = ride(5)
    const first = await importFiles(server, person, [{ name: 'a.fit', bytes }])
    const again = await importFiles(server, person, [
      { name: 'copy.fit', bytes },
      { name: 'packed.fit.gz', bytes: gzipSync(bytes) },
    ])
    expect(again.status).toBe('done')
    expect(again.files[0]).toMatchObject({ status: 'duplicate', samples: 0, changed: 0, duplicates: 720, sessions: 0 })
    expect(again.files[0]?.session_ids).toEqual(first.files[0]?.session_ids)
    expect(again.files[1]).toMatchObject({ samples: 0, changed: 0, duplicates: 720 })
    expect((await listSessions(server, person)).items).toHaveLength(1)
  })

  test.each([
    'fit/sample-activity.fit',
    'fit/garmin-fenix-5-walk.fit',
    'tcx/sup_activity_1.tcx',
    'gpx/cerknicko-jezero.gpx',
  ])('what a real device recorded is the same the second time, even where it gives a time twice: %s', async (path) => {
    const person = await newcomer()
    const bytes = await fixture(path)
    const name = path.slice(4)
    const first = await importFiles(server, person, [{ name, bytes }])
    const again = await importFiles(server, person, [{ name, bytes }])
    expect(first.files[0]).toMatchObject({ changed: 0, duplicates: 0 })
    expect(again.files[0]).toMatchObject({ status: 'duplicate', samples: 0, changed: 0, sessions: 0 })
    expect(again.files[0]?.duplicates).toBe(first.files[0]?.samples)
  })

  test('a file that is sent twice in one upload is imported once', async () => {
    const person = await newcomer()
    const file = { name: 'a.fit', bytes: ride(6) }
    const { files } = await importFiles(server, person, [file, file])
    expect(files.map(({ status, samples, sessions }) => [status, samples, sessions])).toEqual([
      ['done', 720, 1],
      ['duplicate', 0, 0],
    ])
  })

  test('the same recording in other bytes updates its session and its samples, and adds none', async () => {
    const person = await newcomer()
    const first = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(7) }])
    const edited = await importFiles(server, person, [{ name: 'b.fit', bytes: ride(7, { seed: 2, lapSeconds: 60 }) }])
    const [file] = edited.files
    expect(file).toMatchObject({ status: 'done', samples: 0, sessions: 1 })
    expect(file?.changed).toBeGreaterThan(0)
    expect((file?.changed ?? 0) + (file?.duplicates ?? 0)).toBe(720)
    expect(file?.session_ids).toEqual(first.files[0]?.session_ids)
    const { items } = await listSessions(server, person)
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ file_name: 'b.fit', import_id: edited.import_id })
    expect((await get(person, `/api/v1/sessions/${items[0]?.session_id}/laps`)).body['items']).toHaveLength(2)
  })

  test('a file without a single usable value says so and leaves the import failed', async () => {
    const person = await newcomer()
    const done = await importFiles(server, person, [{ name: 'x.gpx', bytes: Buffer.from('<gpx version="1.1"/>') }])
    expect(done).toMatchObject({ status: 'failed', files: [{ status: 'failed', samples: 0, sessions: 0 }] })
    expect(done.files[0]?.reason).toBeTruthy()
  })
})

describe('whose data it becomes', () => {
  const claim = { manufacturer: 1, serial: 4_242_424_242 }

  test('a file that names maker and serial makes that device, and the next one joins it', async () => {
    const person = await newcomer()
    const [made] = (await importFiles(server, person, [{ name: '1.fit', bytes: ride(8, claim) }])).files
    const [joined] = (await importFiles(server, person, [{ name: '2.fit', bytes: ride(9, claim) }])).files
    expect(made?.warnings.map(({ code }) => code)).toEqual(['device_made', 'fields_unused'])
    expect(joined?.warnings.map(({ code }) => code)).toEqual(['fields_unused'])
    const devices = await ask<Record<string, unknown>>(
      'select manufacturer, serial_number, integration_type, status, auto_sync, last_seen_at from tributary.devices where user_id = $1',
      [person.userId],
    )
    expect(devices).toEqual([
      {
        manufacturer: 'Garmin',
        serial_number: '4242424242',
        integration_type: 'file',
        status: 'active',
        auto_sync: false,
        last_seen_at: new Date(day(9) + 119_000),
      },
    ])
  })

  test('it joins a device that was registered by hand, however its maker was spelt', async () => {
    const person = await newcomer()
    const { body } = await server.call('POST', '/api/v1/devices', {
      token: person.token,
      body: {
        device_type: 'garmin_fenix',
        device_name: 'My watch',
        integration_type: 'api',
        manufacturer: 'GARMIN',
        serial_number: '4242424242',
      },
    })
    await importFiles(server, person, [{ name: '1.fit', bytes: ride(10, claim) }])
    const [session] = (await listSessions(server, person)).items
    expect(session?.source).toMatchObject({ kind: 'device', device_id: (body as { device_id: string }).device_id })
  })

  test('a file that names no device belongs to the person’s files', async () => {
    const person = await newcomer()
    const done = await importFiles(server, person, [
      { name: 't.gpx', bytes: await fixture('gpx/cerknicko-jezero.gpx') },
    ])
    expect(done.files[0]?.sessions).toBeGreaterThan(0)
    for (const { source } of (await listSessions(server, person)).items)
      expect(source).toMatchObject({ kind: 'file', name: 'Files', device_id: null })
  })
})

describe('hostile files', () => {
  test('bombs are refused with a reason, and the program goes on', async () => {
    const person = await newcomer()
    const lying = Buffer.from(ride(22))
    lying.writeUInt32LE(0xffffffff, 4)
    const done = await importFiles(server, person, [
      { name: 'zeros.fit.gz', bytes: gzipSync(Buffer.alloc(30_000_000)) },
      { name: 'attribute.gpx', bytes: Buffer.from(`<gpx version="${'a'.repeat(3_000_000)}"/>`) },
      {
        name: 'laughs.gpx',
        bytes: Buffer.from('<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><gpx>&b;</gpx>'),
      },
      { name: 'deep.gpx', bytes: Buffer.from(`<gpx>${'<a>'.repeat(1_000_000)}`) },
      { name: 'brackets.json', bytes: Buffer.alloc(10_000_000, '[') },
      { name: 'lying.fit', bytes: lying },
      { name: 'good.fit', bytes: ride(23) },
    ])
    expect(done.files.map(({ name, status }) => [name, status])).toEqual([
      ['zeros.fit.gz', 'failed'],
      ['attribute.gpx', 'failed'],
      ['laughs.gpx', 'failed'],
      ['deep.gpx', 'failed'],
      ['brackets.json', 'failed'],
      ['lying.fit', 'partial'],
      ['good.fit', 'done'],
    ])
    for (const { reason, status } of done.files) if (status === 'failed') expect(reason).toMatch(/\w+ \w+/)
  })

  test('names and texts from files are data: they go through the database and come back harmless', async () => {
    const person = await newcomer()
    const nasty = 'a\u0000b\ud800<script>'
    const gpx = `<gpx version="1.1" creator="${nasty.replace(/[\0\ud800<>]/g, '')}" xmlns="http://www.topografix.com/GPX/1/1"><trk>
      <name>&lt;script&gt;alert(1)&lt;/script&gt;</name><trkseg>
      <trkpt lat="50" lon="19"><time>2025-04-24T08:00:00Z</time></trkpt>
      <trkpt lat="50.001" lon="19"><time>2025-04-24T08:00:09Z</time></trkpt></trkseg></trk></gpx>`
    const { files } = await importFiles(server, person, [{ name: '<img src=x>.gpx', bytes: Buffer.from(gpx) }])
    expect(files[0]).toMatchObject({ status: 'done', name: '<img src=x>.gpx' })
    expect((await listSessions(server, person)).items[0]?.title).toBe('<script>alert(1)</script>')
  })
})
