import { setTimeout as pause } from 'node:timers/promises'
import { demoYear } from '@tributary/emulators/people'
import { archiveReaders, type Ending, openZip, type Piece } from '@tributary/formats'
import { writeRide } from '@tributary/formats/testing'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { importFiles, listSessions } from '../imports/test-uploads.ts'
import { LeaseGone } from '../platform/leased-work.ts'
import { decode } from '../platform/samples/codec.ts'
import { keepSessions } from '../platform/sessions/keep-sessions.ts'
import { decodeTrack } from '../platform/tracks/track-codec.ts'
import { failExport, finishExport } from './exports.queries.ts'

let server: TestServer
let owner: SignedInPerson
let watch: string

const now = Date.parse('2026-03-20T12:00:00Z')

beforeAll(async () => {
  server = await startServer({ clock: { now: () => now } })
  owner = await server.owner()
  const { token, userId } = owner
  const device = (
    await server.call('POST', '/api/v1/devices', {
      token,
      body: {
        device_type: 'watch',
        device_name: '=cmd, "Ana’s" watch',
        integration_type: 'api',
        manufacturer: 'Aurora',
        model: 'Pulse',
        serial_number: 'A-1',
      },
    })
  ).body as { device_id: string }
  watch = device.device_id
  await server.call('POST', '/api/v1/samples', {
    token,
    body: { metric: 'weight', value: 160, unit: 'lb', timestamp: '2026-01-02T07:00:00+01:00' },
  })
  await server.call('POST', `/api/v1/devices/${watch}/data`, {
    token,
    body: {
      data_type: 'blood_pressure',
      values: [{ timestamp: '2026-03-01T07:00:00Z', systolic: 120, diastolic: 80, quality: 'good' }],
    },
  })
  await server.call('POST', `/api/v1/devices/${watch}/data`, {
    token,
    body: {
      data_type: 'gps',
      values: [0, 1, 2].map((i) => ({ timestamp: `2026-03-01T07:00:0${i}Z`, lat: 38.7 + i / 1000, lon: -9.2 })),
    },
  })
  const { ingest, db, deviceSources } = server.parts
  const sourceId = (await deviceSources.find(userId, watch)) ?? ''
  // Three weeks of the demo's watch, as this person's own.
  let weeks = 0
  for (const { source, readings, sessions } of demoYear({ until: now, timeZone: 'Europe/Lisbon' })) {
    if (source !== 'watch') continue
    await ingest({ userId, sourceId, readings })
    await db.asWriter((tx) =>
      keepSessions(
        tx,
        { userId, sourceId, fileId: null, importId: null, fileName: null, format: 'tributary' },
        sessions,
      ),
    )
    if (++weeks === 3) break
  }
}, 120_000)
afterAll(() => server?.stop())

interface Export {
  export_id: string
  status: string
  progress: number
  bytes: number
  samples: number
  sessions: number
  file_name: string
  reason: string | null
  expires_at: string | null
}

async function exported(body: object, as = owner): Promise<Export> {
  const made = await server.call('POST', '/api/v1/exports', { token: as.token, body })
  expect(made.status).toBe(202)
  const { export_id } = made.body as Export
  for (;;) {
    const found = (await server.call('GET', `/api/v1/exports/${export_id}`, { token: as.token })).body as Export
    if (found.status === 'done' || found.status === 'failed') return found
    await pause(20)
  }
}

async function fetchFile({ export_id }: Export, headers: Record<string, string> = {}, as = owner): Promise<Response> {
  return fetch(`${server.url}/api/v1/exports/${export_id}/file`, {
    headers: { authorization: `Bearer ${as.token}`, ...headers },
  })
}
const textOf = async (made: Export) => (await fetchFile(made)).text()

const march = { start_time: '2026-03-01T00:00:00Z', end_time: '2026-03-02T00:00:00Z', metrics: ['bp', 'weight'] }

describe('rows', () => {
  test('json is a list of objects, with each part of a value under the catalogue’s own name', async () => {
    const rows = JSON.parse(await textOf(await exported({ format: 'json', ...march })))
    expect(rows).toEqual([
      {
        kind: 'event',
        metric: 'bp_systolic',
        unit: 'mmHg',
        source: '=cmd, "Ana’s" watch',
        start: '2026-03-01T07:00:00Z',
        end: null,
        value: 120,
        word: null,
        quality: 1,
        utc_offset_minutes: null,
        method: null,
      },
      {
        kind: 'event',
        metric: 'bp_diastolic',
        unit: 'mmHg',
        source: '=cmd, "Ana’s" watch',
        start: '2026-03-01T07:00:00Z',
        end: null,
        value: 80,
        word: null,
        quality: 1,
        utc_offset_minutes: null,
        method: null,
      },
    ])
  })

  test('csv can be opened in a spreadsheet without running anything', async () => {
    const text = await textOf(await exported({ format: 'csv', ...march }))
    expect(text.split('\r\n')).toEqual([
      'kind,metric,unit,source,start,end,value,word,quality,utc_offset_minutes,method',
      `event,bp_systolic,mmHg,"'=cmd, ""Ana’s"" watch",2026-03-01T07:00:00Z,,120,,1,,`,
      `event,bp_diastolic,mmHg,"'=cmd, ""Ana’s"" watch",2026-03-01T07:00:00Z,,80,,1,,`,
      '',
    ])
  })

  test('a range without anything is an empty list, and a heading', async () => {
    const nothing = { start_time: '2001-01-01T00:00:00Z', end_time: '2001-01-02T00:00:00Z' }
    expect(JSON.parse(await textOf(await exported({ format: 'json', ...nothing })))).toEqual([])
    expect(await textOf(await exported({ format: 'ndjson', ...nothing }))).toBe('')
    expect((await textOf(await exported({ format: 'csv', ...nothing }))).split('\r\n')).toHaveLength(2)
  })

  test('ndjson has every sample, day and event once, as the store counts them', async () => {
    const made = await exported({ format: 'ndjson' })
    const rows = (await textOf(made))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; metric: string; source: string; start: string })
    const { db, store } = server.parts
    const series = await db.readOn({ userId: owner.userId }, (client) =>
      client.query<{ series_id: number }>('select series_id from series'),
    )
    const count = await store.count({
      userId: owner.userId,
      seriesIds: series.rows.map(({ series_id }) => series_id),
      from: Number.NEGATIVE_INFINITY,
      to: Number.POSITIVE_INFINITY,
    })
    expect(rows.filter(({ kind }) => kind === 'sample')).toHaveLength(count)
    expect(made.samples).toBe(count)
    expect(new Set(rows.map(({ kind, metric, source, start }) => `${kind} ${metric} ${source} ${start}`)).size).toBe(
      rows.length,
    )
    expect(rows.some(({ kind }) => kind === 'day')).toBe(true)
  })

  test('parquet says the same as ndjson, row for row', { timeout: 60_000 }, async () => {
    const rows = (await textOf(await exported({ format: 'ndjson' })))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const file = await (await fetchFile(await exported({ format: 'parquet' }))).arrayBuffer()
    const read = await parquetReadObjects({ file })
    expect(read).toHaveLength(rows.length)
    const plain = ({ start, end, ...rest }: Record<string, unknown>) => ({
      ...rest,
      start: (start as Date).getTime(),
      end: (end as Date | null)?.getTime() ?? null,
    })
    const wanted = ({ start, end, ...rest }: Record<string, unknown>) => ({
      ...rest,
      start: Date.parse(start as string),
      end: end === null ? null : Date.parse(end as string),
    })
    for (let i = 0; i < rows.length; i += 97) expect(plain(read[i] ?? {})).toEqual(wanted(rows[i] ?? {}))
    const sum = (list: Record<string, unknown>[]) => list.reduce((total, row) => total + Number(row['value']), 0)
    expect(sum(read)).toBeCloseTo(sum(rows), 3)
  })
})

describe('the archive', () => {
  test('imported into an empty account gives the same samples, days, events, positions, sessions, ways and streams', {
    timeout: 120_000,
  }, async () => {
    const made = await exported({ format: 'tributary' })
    const bytes = new Uint8Array(await (await fetchFile(made)).arrayBuffer())
    const other = await server.person()
    const ending = await importInto(other, bytes)
    expect(ending.rejected).toEqual([])
    expect(ending.warnings).toEqual([])
    expect(await portrait(other)).toEqual(await portrait(owner))
    expect((await exported({ format: 'tributary' }, other)).samples).toBe(made.samples)
  })

  test('is the same to the byte when nothing has changed, apart from when it was made', async () => {
    const [first, second] = [await exported({ format: 'tributary' }), await exported({ format: 'tributary' })]
    expect(
      Buffer.from(await (await fetchFile(first)).arrayBuffer()).equals(
        Buffer.from(await (await fetchFile(second)).arrayBuffer()),
      ),
    ).toBe(true)
  })

  test('of one metric has its samples and no sessions', async () => {
    const made = await exported({ format: 'tributary', metrics: ['steps'] })
    expect(made.sessions).toBe(0)
    const other = await server.person()
    await importInto(other, new Uint8Array(await (await fetchFile(made)).arrayBuffer()))
    const { series, sessions } = await portrait(other)
    expect(Object.keys(series).map((name) => name.split(' ').at(-1))).toEqual(['steps'])
    expect(sessions).toEqual([])
  })
})

describe('an archive, sent as an import', () => {
  const ask = async <T>(person: SignedInPerson, method: string, path: string, body?: object): Promise<T> => {
    const answer = await server.call(method, `/api/v1${path}`, { token: person.token, body })
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}`)
    return answer.body as T
  }
  const fileOf = async ({ token }: SignedInPerson, sessionId: string) =>
    Buffer.from(
      await (
        await fetch(`${server.url}/api/v1/sessions/${sessionId}/file`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).arrayBuffer(),
    )
  const archiveOf = async (person: SignedInPerson) => {
    const made = await exported({ format: 'tributary' }, person)
    expect(made.status).toBe('done')
    return Buffer.from(await (await fetchFile(made, {}, person)).arrayBuffer())
  }
  const ride = (day: number, seconds: number) => ({
    name: `ride-${day}.fit`,
    bytes: Buffer.from(writeRide({ start: Date.UTC(2026, 1, day, 8), seconds, seed: day })),
  })

  /** Somebody who made all that there is of it. */
  async function someone(): Promise<SignedInPerson> {
    const person = await server.person()
    const rides = [ride(3, 90), ride(4, 120), ride(5, 60)]
    await importFiles(server, person, rides)
    await importFiles(server, person, [
      {
        name: 'export.xml',
        bytes: Buffer.from(
          '<HealthData locale="de"><ExportDate value="2026-02-10 08:00:00 +0100"/><Record type="HKQuantityTypeIdentifierStepCount" sourceName="iPhone" unit="count" value="90" startDate="2026-02-09 08:00:00 +0100" endDate="2026-02-09 08:10:00 +0100"/></HealthData>',
        ),
      },
    ])
    await ask(person, 'POST', '/samples', { metric: 'weight', value: 70, timestamp: '2026-02-02T07:00:00+01:00' })
    const device = await ask<{ device_id: string }>(person, 'POST', '/devices', {
      device_type: 'cuff',
      device_name: 'Upper arm',
      integration_type: 'api',
      manufacturer: 'Aurora',
      serial_number: 'C-7',
    })
    await ask(person, 'POST', `/devices/${device.device_id}/data`, {
      data_type: 'blood_pressure',
      values: [{ timestamp: '2026-02-01T07:00:00Z', systolic: 121, diastolic: 79 }],
    })
    const { items } = await listSessions(server, person)
    const [latest, middle, first] = items.map(({ session_id }) => session_id)
    await ask(person, 'PATCH', `/sessions/${first}`, {
      title: 'To the sea',
      notes: 'Headwind both ways',
      totals: { distance: 12_345, energy_active: 700 },
    })
    await ask(person, 'DELETE', `/sessions/${middle}`)
    const swim = await ask<{ session_id: string }>(person, 'POST', '/sessions', {
      type: 'workout',
      activity: 'swimming_pool',
      start_time: '2026-02-06T08:00:00Z',
      end_time: '2026-02-06T08:40:00Z',
      notes: 'By hand',
    })
    await ask(person, 'POST', '/suppressions', {
      metric: 'heart_rate',
      start_time: '2026-02-05T00:00:00Z',
      end_time: '2026-02-05T08:00:30Z',
    })
    const plan = (more: object) =>
      ask<{ planned_session_id: string }>(person, 'POST', '/planned-sessions', { title: 'Plan', ...more })
    await plan({ activity: 'cycling', scheduled_on: '2026-02-05', description: 'Easy' })
    const chosen = await plan({ activity: 'running', scheduled_on: '2026-02-07' })
    await ask(person, 'PATCH', `/planned-sessions/${chosen.planned_session_id}`, { session_id: swim.session_id })
    const skipped = await plan({ activity: 'yoga', scheduled_on: '2026-02-08' })
    await ask(person, 'PATCH', `/planned-sessions/${skipped.planned_session_id}`, { status: 'skipped' })
    await plan({ activity: 'hiking', scheduled_on: '2026-04-08', duration: 3_600 })
    // As a calendar would have told it, and its person named it otherwise.
    const { rowCount } = await asAdmin(server.database.admin, (client) =>
      client.query(
        `update tributary.planned_sessions p
         set source_id = s.source_id, external_id = 'told-7', told_at = now(), edits = '{"title": "Walk", "description": null}'
         from (select source_id from tributary.sources where user_id = $1 and kind = 'app' order by name limit 1) as s
         where p.user_id = $1 and p.activity = 'hiking'`,
        [person.userId],
      ),
    )
    expect(rowCount).toBe(1)
    expect(latest).toBeDefined()
    return person
  }

  /** What `portrait` leaves out, by content: nothing in it is an id that an account gave. */
  async function rest({ userId }: SignedInPerson) {
    return asAdmin(server.database.admin, async (client) => {
      await client.query('set search_path to tributary')
      const rows = async (query: string) => (await client.query(query, [userId])).rows as Record<string, unknown>[]
      return {
        sources: await rows(
          `select s.kind, s.archive, s.external_key, s.name, d.device_name, d.device_type, d.manufacturer, d.model, d.serial_number from sources s
           left join devices d using (user_id, device_id) where s.user_id = $1 order by s.kind, s.name`,
        ),
        sessions: await rows(
          `select s.external_id, s.is_nap, s.notes, s.edits, s.format, s.file_name, encode(s.content_hash, 'hex') as said, encode(f.content_hash, 'hex') as file,
             w.external_id as shown_as
           from sessions s left join files f using (user_id, file_id)
           left join sessions w on w.user_id = s.user_id and w.session_id = s.superseded_by
           where s.user_id = $1 and s.deleted_at is null order by s.external_id`,
        ),
        files: await rows(
          `select encode(f.content_hash, 'hex') as hash, encode(sha256(string_agg(p.data, '' order by p.part)), 'hex') as bytes
           from files f join file_parts p using (user_id, file_id)
           where f.user_id = $1 and not exists (select from import_files i where i.user_id = f.user_id and i.file_id = f.file_id and i.format = 'tributary')
           group by f.file_id, f.content_hash order by 1`,
        ),
        plans: await rows(
          `select p.planned_session_id, p.activity, p.title, p.description, p.scheduled_on, p.start_at, p.duration, p.distance, p.skipped_at, p.matched_by, s.external_id,
             p.external_id as told_as, p.edits, o.name as told_by
           from planned_sessions p left join sources o on o.user_id = p.user_id and o.source_id = p.source_id left join sessions s on s.user_id = p.user_id and s.session_id = p.session_id
           where p.user_id = $1 order by 1`,
        ),
        suppressions: await rows(
          `select p.suppression_id, p.metric, p.external_id, p.title, p.start_at, p.end_at, s.name
           from suppressions p left join sources s using (user_id, source_id) where p.user_id = $1 order by 1`,
        ),
      }
    })
  }
  const all = async (person: SignedInPerson) => ({ ...(await portrait(person)), ...(await rest(person)) })

  /** Every row as it stands, ids and all, but for what an import notes about itself. */
  async function everyRow({ userId }: SignedInPerson) {
    return asAdmin(server.database.admin, async (client) => {
      const tables = [
        'sources',
        'devices',
        'series',
        'sessions',
        'session_parts',
        'session_streams',
        'tracks',
        'events',
        'source_days',
        'planned_sessions',
      ]
      const rows: Record<string, unknown> = {}
      for (const table of tables)
        rows[table] = (
          await client.query(`select md5(t::text) as row from tributary.${table} t where user_id = $1 order by 1`, [
            userId,
          ])
        ).rows
      return rows
    })
  }

  test('an export read into an empty account gives the same sessions with their edits and notes, the same files, the same values', {
    timeout: 120_000,
  }, async () => {
    const person = await someone()
    const bytes = await archiveOf(person)
    const before = await all(person)
    expect(before.suppressions).toHaveLength(2)
    expect(before.files.length).toBeGreaterThanOrEqual(4)
    expect(before.plans.map(({ matched_by }) => matched_by).sort()).toEqual([null, null, 'person', 'rule'])

    const other = await server.person()
    const done = await importFiles(server, other, [{ name: 'mine.zip', bytes }])
    expect(done).toMatchObject({ status: 'done', rejected: 0 })
    expect(await all(other)).toEqual(before)
    const [theirs, ours] = [await listSessions(server, person), await listSessions(server, other)]
    const shown = ({ items }: typeof ours) =>
      items.map(({ title, totals, activity, start_time }) => ({ title, totals, activity, start_time }))
    expect(shown(ours)).toEqual(shown(theirs))
    const edited = ours.items.find(({ title }) => title === 'To the sea')
    expect((await fileOf(other, edited?.session_id ?? '')).equals(ride(3, 90).bytes)).toBe(true)

    const rows = await everyRow(other)
    const again = await importFiles(server, other, [{ name: 'again.zip', bytes }])
    expect(again, 'the second time').toMatchObject({ samples: 0, sessions: 0, rejected: 0 })
    expect(await everyRow(other)).toEqual(rows)
    expect(await all(other)).toEqual(before)

    const own = await everyRow(person)
    const back = await importFiles(server, person, [{ name: 'back.zip', bytes }])
    expect(back, 'where it came from').toMatchObject({ samples: 0, sessions: 0, rejected: 0 })
    expect(await everyRow(person)).toEqual(own)
    expect(await all(person)).toEqual(before)

    const next = await importFiles(server, person, [{ name: 'around.zip', bytes: await archiveOf(other) }])
    expect(next, 'by way of the other account').toMatchObject({ samples: 0, sessions: 0, rejected: 0 })
    expect(await everyRow(person)).toEqual(own)

    await importFiles(server, other, [ride(3, 90), ride(4, 120)])
    expect((await all(other)).sessions, 'the files themselves add nothing, and what was deleted stays deleted').toEqual(
      before.sessions,
    )
  })
})

describe('a file', () => {
  test('is a download under a name that says the day, and is known again by its ETag', async () => {
    const made = await exported({ format: 'csv', ...march })
    const answer = await fetchFile(made, { 'accept-encoding': 'identity' })
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="tributary-2026-03-20\.csv"/)
    expect(Number(answer.headers.get('content-length'))).toBe((await answer.arrayBuffer()).byteLength)
    expect((await fetchFile(made, { 'if-none-match': answer.headers.get('etag') ?? '' })).status).toBe(304)
    expect(made.expires_at).toBe('2026-03-27T12:00:00Z')
  })

  test('is not read when only its size is asked for', async () => {
    const made = await exported({ format: 'csv', ...march })
    await asAdmin(server.database.admin, (client) =>
      client.query('delete from tributary.export_parts where export_id = $1', [made.export_id]),
    )
    const errors = vi.spyOn(server.parts.log, 'error') // reading a part would fail, and say so
    const answer = await fetch(`${server.url}/api/v1/exports/${made.export_id}/file`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${owner.token}`, 'accept-encoding': 'identity' },
    })
    await pause(50)
    expect(errors.mock.calls).toEqual([])
    errors.mockRestore()
    expect(answer.status).toBe(200)
    expect(Number(answer.headers.get('content-length'))).toBe(made.bytes)
    await expect(fetchFile(made).then((whole) => whole.text())).rejects.toThrow()
  })

  test('is nobody else’s', async () => {
    const made = await exported({ format: 'csv', ...march })
    const { token } = await server.person()
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/file'],
      ['DELETE', ''],
    ] as const)
      expect((await server.call(method, `/api/v1/exports/${made.export_id}${path}`, { token })).status).toBe(404)
    expect(((await server.call('GET', '/api/v1/exports', { token })).body as { items: unknown[] }).items).toEqual([])
  })

  test('is gone when it is deleted, with its parts', async () => {
    const made = await exported({ format: 'csv', ...march })
    expect((await server.call('DELETE', `/api/v1/exports/${made.export_id}`, { token: owner.token })).status).toBe(204)
    expect((await fetchFile(made)).status).toBe(404)
    const { rows } = await asAdmin(server.database.admin, (client) =>
      client.query('select from tributary.export_parts where export_id = $1', [made.export_id]),
    )
    expect(rows).toEqual([])
  })

  test('that is not written yet is not ready', async () => {
    await asAdmin(server.database.admin, (client) =>
      client.query(
        `insert into tributary.exports (user_id, export_id, format, file_name, leased_until) values ($1, '0198c7e2-0000-7000-8000-0000000000aa', 'csv', 'x.csv', now() + interval '1 hour')`,
        [owner.userId],
      ),
    )
    const answer = await server.call('GET', '/api/v1/exports/0198c7e2-0000-7000-8000-0000000000aa/file', {
      token: owner.token,
    })
    expect(answer).toMatchObject({ status: 409, body: { code: 'export_not_ready' } })
    // Its worker died: another one takes it over and writes it to the end.
    await asAdmin(server.database.admin, (client) =>
      client.query(
        `update tributary.exports set leased_until = null where export_id = '0198c7e2-0000-7000-8000-0000000000aa'`,
      ),
    )
    while (
      (await server.call('GET', '/api/v1/exports/0198c7e2-0000-7000-8000-0000000000aa/file', { token: owner.token }))
        .status !== 200
    )
      await pause(50)
  })

  test('that another worker has taken over is neither finished nor failed by the one that lost it', async () => {
    const { db } = server.parts
    const { userId } = owner
    const exportId = '0198c7e2-0000-7000-8000-0000000000ac'
    await asAdmin(server.database.admin, (client) =>
      client.query(
        `insert into tributary.exports (user_id, export_id, format, status, file_name, leased_by, leased_until)
         values ($1, $2, 'csv', 'writing', 'x.csv', '0198c7e2-0000-7000-8000-0000000000ad', now() + interval '1 hour')`,
        [userId, exportId],
      ),
    )
    const lease = '0198c7e2-0000-7000-8000-0000000000ae'
    const lost = { userId, exportId, lease, format: 'csv' as const, from: 0, to: 1, metrics: null, attempts: 1 }
    const written = { bytes: 1, samples: 1, sessions: 0, progress: 1 }
    const soon = new Date(now)
    for (const end of [
      () => db.asWriter((tx) => finishExport(tx, lost, written, Buffer.alloc(32), soon)),
      () => db.asWriter((tx) => failExport(tx, lost, 'no', soon)),
    ])
      await expect(end()).rejects.toThrow(LeaseGone)
    const found = await server.call('GET', `/api/v1/exports/${exportId}`, { token: owner.token })
    expect(found.body).toMatchObject({ status: 'writing', reason: null })
    await server.call('DELETE', `/api/v1/exports/${exportId}`, { token: owner.token })
  })

  test('is one of few: who has many waiting or kept is told to wait or to delete', async () => {
    const person = await server.person()
    const statuses = []
    for (let n = 0; n < 25; n++)
      statuses.push(
        (await server.call('POST', '/api/v1/exports', { token: person.token, body: { format: 'csv' } })).status,
      )
    const made = statuses.filter((status) => status === 202).length
    expect(made).toBeGreaterThanOrEqual(3)
    expect(made).toBeLessThanOrEqual(20)
    expect(statuses).toContain(429)
  })

  test('that was begun too often is given up, with its reason', async () => {
    await asAdmin(server.database.admin, (client) =>
      client.query(
        `insert into tributary.exports (user_id, export_id, format, file_name, attempts) values ($1, '0198c7e2-0000-7000-8000-0000000000ab', 'csv', 'x.csv', 5)`,
        [owner.userId],
      ),
    )
    for (;;) {
      const found = (
        await server.call('GET', '/api/v1/exports/0198c7e2-0000-7000-8000-0000000000ab', { token: owner.token })
      ).body as Export
      if (found.status !== 'failed') {
        await pause(20)
        continue
      }
      expect(found.reason).toMatch(/5 times/)
      break
    }
  })
})

test.each([
  [{ format: 'xls' }, 400, 'invalid_request'],
  [{ format: 'csv', metrics: ['luck'] }, 400, 'data_type_unknown'],
  [{ format: 'csv', metrics: [] }, 400, 'invalid_request'],
  [{ format: 'csv', start_time: '2026-02-01T00:00:00Z', end_time: '2026-01-01T00:00:00Z' }, 400, 'range_invalid'],
])('a wish for %j is refused with %i', async (body, status, code) => {
  expect(await server.call('POST', '/api/v1/exports', { token: owner.token, body })).toMatchObject({
    status,
    body: { code },
  })
})

/** As the importer does it: each source by its key, each piece through the one door. */
async function importInto(person: SignedInPerson, bytes: Uint8Array): Promise<Ending> {
  const { userId } = person
  const { db, ingest } = server.parts
  const entries = await openZip({
    size: bytes.length,
    readAt: async (offset, length) => bytes.subarray(offset, offset + length),
  })
  const head = async (entry: (typeof entries)[number]) => {
    for await (const chunk of entry.chunks()) return chunk
    return new Uint8Array()
  }
  const reader = archiveReaders.find(({ format }) => format === 'tributary')
  if (!reader || !(await reader.recognises(entries, head))) throw new Error('the archive is not known again')
  expect(entries.filter(({ path }) => !reader.claims(path))).toEqual([])
  const pieces = reader.read({ name: 'x.zip', entries, now, timeZone: 'UTC' })
  const sources = new Map<string, string>()
  for (;;) {
    const next = await pieces.next()
    if (next.done) return next.value
    const piece: Piece = next.value
    expect(
      piece.readings.some(({ kind }) => kind === 'series') &&
        (piece.sessions.length > 0 || piece.readings.some(({ kind }) => kind !== 'series')),
    ).toBe(false)
    const sourceId = sources.get(piece.source.key) ?? (await newSource(person, piece.source.name))
    sources.set(piece.source.key, sourceId)
    if (piece.readings.length) {
      const { rejected } = await ingest({ userId, sourceId, readings: piece.readings })
      expect(rejected).toEqual([])
    }
    await db.asWriter((tx) =>
      keepSessions(
        tx,
        { userId, sourceId, fileId: null, importId: null, fileName: null, format: 'tributary' },
        piece.sessions,
      ),
    )
  }
}

async function newSource({ token, userId }: SignedInPerson, name: string): Promise<string> {
  const made = await server.call('POST', '/api/v1/devices', {
    token,
    body: { device_type: 'x', device_name: name, integration_type: 'api' },
  })
  return (await server.parts.deviceSources.find(userId, (made.body as { device_id: string }).device_id)) ?? ''
}

/** Everything a person has, without ids and without the unit that a value was first spoken in. */
async function portrait({ userId }: SignedInPerson) {
  const { store } = server.parts
  return asAdmin(server.database.admin, async (client) => {
    await client.query('set search_path to tributary')
    const rows = async (query: string) => (await client.query(query, [userId])).rows as Record<string, unknown>[]
    const series: Record<string, unknown> = {}
    for (const { series_id, metric, name } of await rows(
      'select series_id, metric, name from series join sources using (user_id, source_id) where user_id = $1 order by name, metric',
    )) {
      const { u: _, ...points } = await store.readAll({
        userId,
        seriesIds: [Number(series_id)],
        from: Number.NEGATIVE_INFINITY,
        to: Number.POSITIVE_INFINITY,
      })
      series[`${name} ${metric}`] = points
    }
    const sessions = await rows(
      `select s.session_id, name, external_id, type, activity, title, start_at, end_at, utc_offset_minutes, totals, derived, activity_data from sessions s join sources using (user_id, source_id) where user_id = $1 order by name, external_id`,
    )
    const whole = []
    for (const { session_id, ...session } of sessions) {
      const own = async (query: string) =>
        (await client.query(query, [userId, session_id])).rows as Record<string, unknown>[]
      whole.push({
        ...session,
        external_id: String(session['external_id']).replace(/^stages:.*/, 'stages'),
        parts: await own(
          'select kind, start_at, position, end_at, label, intensity, totals from session_parts where user_id = $1 and session_id = $2 order by kind, start_at, position',
        ),
        track: (await own('select data from tracks where user_id = $1 and session_id = $2')).map(({ data }) =>
          decodeTrack(data as Buffer),
        ),
        streams: (
          await own('select stream, data from session_streams where user_id = $1 and session_id = $2 order by stream')
        ).map(({ stream, data }) => [stream, decode(data as Buffer)]),
      })
    }
    return {
      series,
      sessions: whole,
      days: await rows(
        'select name, metric, day_on, value, quality from source_days join sources using (user_id, source_id) where user_id = $1 order by name, metric, day_on',
      ),
      events: await rows(
        'select name, metric, start_at, end_at, external_id, value, quality, utc_offset_minutes from events join sources using (user_id, source_id) where user_id = $1 order by name, metric, start_at',
      ),
      positions: (
        await rows('select start_at, data from tracks where user_id = $1 and session_id is null order by start_at')
      ).map(({ data }) => decodeTrack(data as Buffer)),
    }
  })
}
