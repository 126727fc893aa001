import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { writeRide } from '@tributary/formats/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { formOf, importFiles, listSessions, upload } from './test-uploads.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
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

describe('an upload', () => {
  test('may be the bytes of one file, named in the address', async () => {
    const person = await newcomer()
    const { status, body } = await upload(server, person, Uint8Array.from(ride(11)), {
      headers: { 'content-type': 'application/octet-stream' },
      query: '?filename=..%2F..%2Fmorning.fit',
    })
    expect(status).toBe(202)
    expect((await get(person, `/api/v1/imports/${body.import_id}`)).body['files']).toMatchObject([
      { name: 'morning.fit' },
    ])
  })

  test('of the same files in another order, many at once, harms no other', async () => {
    const person = await newcomer()
    const files = [40, 41, 42, 43].map((n) => ({ name: `${n}.fit`, bytes: ride(n) }))
    const sent = await Promise.all(
      Array.from({ length: 12 }, (_, i) => upload(server, person, formOf(i % 2 ? files : files.toReversed()))),
    )
    expect(sent.map(({ status }) => status)).toEqual(Array(12).fill(202))
    const kept = await ask('select from tributary.files where user_id = $1', [person.userId])
    expect(kept).toHaveLength(4)
  })

  test('repeated with its Idempotency-Key is one import; the key with other files is refused', async () => {
    const person = await newcomer()
    const headers = { 'idempotency-key': 'drop-1' }
    const first = await upload(server, person, formOf([{ name: 'a.fit', bytes: ride(12) }]), { headers })
    const again = await upload(server, person, formOf([{ name: 'a.fit', bytes: ride(12) }]), { headers })
    const other = await upload(server, person, formOf([{ name: 'a.fit', bytes: ride(13) }]), { headers })
    expect(again).toMatchObject({ status: 202, body: first.body })
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    expect((await get(person, '/api/v1/imports')).body['items']).toHaveLength(1)
  })

  test.each([
    ['without a file', formOf([]), {}, 400, 'invalid_request'],
    [
      'with its file in another field',
      formOf([{ name: 'a.fit', bytes: Buffer.of(1) }], 'upload'),
      {},
      400,
      'invalid_request',
    ],
    ['that is JSON', '{}', { 'content-type': 'application/json' }, 415, 'media_type_unsupported'],
    ['that is text', 'hello', { 'content-type': 'text/plain' }, 415, 'media_type_unsupported'],
    ['without its boundary', 'hello', { 'content-type': 'multipart/form-data' }, 400, 'invalid_request'],
    [
      'whose form ends too early',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.fit"\r\n\r\nabc',
      { 'content-type': 'multipart/form-data; boundary=x' },
      400,
      'invalid_request',
    ],
    ['of no bytes', new Uint8Array(0), { 'content-type': 'application/octet-stream' }, 400, 'invalid_request'],
  ])('%s is refused and leaves nothing', async (_, body, headers, status, code) => {
    const person = await newcomer()
    expect(await upload(server, person, body, { headers })).toMatchObject({ status, body: { code } })
    expect(await ask('select from tributary.imports where user_id = $1', [person.userId])).toEqual([])
    expect(await ask('select from tributary.file_parts where user_id = $1', [person.userId])).toEqual([])
  })

  test('that says it is larger than an upload may be is refused before it is sent, with the limits', async () => {
    const person = await newcomer()
    const headers = {
      authorization: `Bearer ${person.token}`,
      'content-type': 'application/octet-stream',
      'content-length': 600_000_000,
    }
    const asked = request(`${server.url}/api/v1/imports`, { method: 'POST', headers })
    asked.flushHeaders()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(413)
    expect(await json(answer)).toMatchObject({
      code: 'payload_too_large',
      max_file_bytes: 100_000_000,
      max_request_bytes: 512_000_000,
    })
    asked.destroy()
  })

  test('is not for a viewer', async () => {
    const viewer = await server.person('viewer')
    expect(await upload(server, viewer, formOf([{ name: 'a.fit', bytes: ride(14) }]))).toMatchObject({ status: 403 })
  })

  test('leaves a line in the audit log', async () => {
    const person = await newcomer()
    const { import_id } = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(15) }])
    const lines = await ask(
      'select action, target, outcome from tributary.audit_log where user_id = $1 and action = $2',
      [person.userId, 'createImport'],
    )
    expect(lines).toEqual([{ action: 'createImport', target: import_id, outcome: 'ok' }])
  })
})

describe('what was imported', () => {
  test('gives the original file back byte for byte, under its own name', async () => {
    const person = await newcomer()
    const bytes = Buffer.concat([
      writeRide({ start: day(16), seconds: 40_000 }),
      writeRide({ start: day(17), seconds: 10 }),
    ])
    expect(bytes.length).toBeGreaterThan(1024 * 1024)
    const name = 'Поездка “№ 5”.fit'
    const { files } = await importFiles(server, person, [{ name, bytes }])
    expect(files[0]).toMatchObject({ name, status: 'done', sessions: 2, records: 40_010 })
    for (const id of files[0]?.session_ids ?? []) {
      const answer = await fetch(`${server.url}/api/v1/sessions/${id}/file`, {
        headers: { authorization: `Bearer ${person.token}` },
      })
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-disposition')).toBe(
        `attachment; filename="_______ __ 5_.fit"; filename*=UTF-8''${encodeURIComponent(name)}`,
      )
    }
  })

  test('is not there for anybody else', async () => {
    const stranger = await newcomer()
    const { import_id, files } = await importFiles(server, owner, [{ name: 'mine.fit', bytes: ride(18) }])
    const session = `/api/v1/sessions/${files[0]?.session_ids[0]}`
    for (const path of [
      `/api/v1/imports/${import_id}`,
      session,
      ...['track', 'streams', 'laps', 'file'].map((part) => `${session}/${part}`),
    ]) {
      expect((await get(owner, path)).status).toBe(200)
      expect((await get(stranger, path)).status).toBe(404)
    }
    expect((await get(stranger, '/api/v1/imports')).body['items']).toEqual([])
    expect((await listSessions(server, stranger)).items).toEqual([])
  })

  test('is listed newest first, page by page', async () => {
    const person = await newcomer()
    const ids: string[] = []
    for (const n of [19, 20, 21])
      ids.unshift((await importFiles(server, person, [{ name: `${n}.fit`, bytes: ride(n) }])).import_id)
    const first = (await get(person, '/api/v1/imports?limit=2')).body as {
      items: { import_id: string }[]
      next_cursor: string
    }
    const rest = (await get(person, `/api/v1/imports?limit=2&cursor=${first.next_cursor}`)).body as typeof first
    expect([...first.items, ...rest.items].map(({ import_id }) => import_id)).toEqual(ids)
    expect(rest.next_cursor).toBeNull()
    expect((await get(person, '/api/v1/imports?cursor=nonsense')).body).toMatchObject({ code: 'cursor_invalid' })
  })
})
