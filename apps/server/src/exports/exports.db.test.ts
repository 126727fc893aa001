import { setTimeout as pause } from 'node:timers/promises'
import { demoYear } from '@tributary/emulators/people'
import { archiveReaders, type Ending, openZip, type Piece } from '@tributary/formats'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
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

async function fetchFile({ export_id }: Export, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1/exports/${export_id}/file`, {
    headers: { authorization: `Bearer ${owner.token}`, ...headers },
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
    expect(statuses.slice(made)).toContain(429)
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
