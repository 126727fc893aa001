import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { writeRide } from '@tributary/formats/testing'
import * as tus from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, cookiesOf, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { ended, importFiles } from './test-uploads.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
})
afterAll(() => server?.stop())

const ride = (n: number, seconds = 120) => Buffer.from(writeRide({ start: Date.UTC(2025, 3, n, 8), seconds, seed: n }))
const path = '/api/v1/uploads'
const ask = <T>(query: string, values: unknown[]) =>
  asAdmin(server.database.admin, async (client) => (await client.query(query, values)).rows as T[])

interface Sent {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

async function send(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
  person: SignedInPerson = owner,
): Promise<Sent> {
  const answer = await fetch(url.startsWith('http') ? url : `${server.url}${url}`, {
    method,
    headers: { authorization: `Bearer ${person.token}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body ? { body: Uint8Array.from(body) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : {} }
}

const metadataOf = (name: string) => `filename ${Buffer.from(name).toString('base64')}`
const begin = async (bytes: number, name = 'ride.fit', person = owner) =>
  send('POST', path, { 'upload-length': String(bytes), 'upload-metadata': metadataOf(name) }, undefined, person)
const piece = (url: string, offset: number, bytes: Uint8Array, person = owner) =>
  send(
    'PATCH',
    url,
    { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    bytes,
    person,
  )

/** Sends `bytes` of a piece that promised more, and cuts the line. */
async function breakOff(url: string, offset: number, bytes: Buffer, promised: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const sending = httpRequest(`${server.url}${url}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${owner.token}`,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'content-length': String(promised),
      },
    })
    sending.on('error', () => resolve())
    sending.write(bytes, () => setTimeout(() => sending.destroy(), 300))
    sending.on('close', () => resolve())
  })
}

describe('a resumable upload', () => {
  test('in pieces of any size becomes one file, byte for byte, and names its import', async () => {
    const bytes = Buffer.concat([ride(1, 60_000), ride(2, 60_000)])
    expect(bytes.length).toBeGreaterThan(3 * 1024 * 1024)
    const made = await begin(bytes.length, 'Поездка.fit')
    expect(made.status).toBe(201)
    expect(made.headers.get('access-control-allow-origin')).toBeNull()
    const url = made.headers.get('location') ?? ''
    expect(url).toMatch(/^\/api\/v1\/uploads\/[0-9a-f-]{36}$/)
    let at = 0
    for (const size of [10, 1024 * 1024 - 10, 1, 1_500_000, bytes.length]) {
      const part = bytes.subarray(at, at + size)
      const answer = await piece(url, at, part)
      expect(answer.status).toBe(204)
      at += part.length
      expect(answer.headers.get('upload-offset')).toBe(String(at))
      if (at === bytes.length) expect(answer.headers.get('tributary-import-id')).toMatch(/^[0-9a-f-]{36}$/)
      else expect(answer.headers.get('tributary-import-id')).toBeNull()
    }
    const look = await send('HEAD', url)
    const importId = look.headers.get('tributary-import-id') ?? ''
    expect(look.headers.get('upload-offset')).toBe(String(bytes.length))
    const { files } = await ended(server, owner, importId)
    expect(files).toMatchObject([{ name: 'Поездка.fit', bytes: bytes.length, status: 'done', sessions: 2 }])
    const kept = await ask<{ hash: Buffer; sizes: number[] }>(
      `select content_hash as hash, (select array_agg(length(data) order by part) from tributary.file_parts p where p.file_id = f.file_id) as sizes
       from tributary.files f where file_id = $1`,
      [files[0]?.file_id],
    )
    expect(kept[0]?.hash).toEqual(createHash('sha256').update(bytes).digest())
    expect(kept[0]?.sizes.slice(0, -1).every((size) => size === 1024 * 1024)).toBe(true)
    const lines = await ask('select action from tributary.audit_log where target = any($1) order by at', [
      [url.split('/').at(-1), importId],
    ])
    expect(lines).toEqual([{ action: 'createUpload' }, { action: 'createImport' }])
  })

  test('that breaks off keeps every byte that came, and goes on from there', async () => {
    const bytes = ride(3, 70_000)
    const url = (await begin(bytes.length)).headers.get('location') ?? ''
    await breakOff(url, 0, bytes.subarray(0, 1_300_007), bytes.length)
    await expect
      .poll(async () => (await send('HEAD', url)).headers.get('upload-offset'), { timeout: 5_000 })
      .toBe('1300007')
    const rest = await piece(url, 1_300_007, bytes.subarray(1_300_007))
    const { files } = await ended(server, owner, rest.headers.get('tributary-import-id') ?? '')
    expect(files).toMatchObject([{ status: 'done', records: 70_000 }])
  })

  test('is the same file as one that came by the other door', async () => {
    const bytes = ride(4)
    const first = await importFiles(server, owner, [{ name: 'four.fit', bytes }])
    const url = (await begin(bytes.length)).headers.get('location') ?? ''
    const done = await piece(url, 0, bytes)
    const again = await ended(server, owner, done.headers.get('tributary-import-id') ?? '')
    expect(again.files).toMatchObject([{ file_id: first.files[0]?.file_id, status: 'duplicate' }])
    const parts = await ask('select 1 from tributary.file_parts where file_id = $1', [url.split('/').at(-1)])
    expect(parts).toEqual([])
  })

  test('of a client of the protocol works as it comes', async () => {
    const bytes = ride(5, 50_000)
    const importId = await new Promise<string>((resolve, reject) => {
      let found = ''
      const upload = new tus.Upload(bytes, {
        endpoint: `${server.url}${path}`,
        chunkSize: 700_000,
        metadata: { filename: 'client.fit' },
        headers: { authorization: `Bearer ${owner.token}` },
        onAfterResponse: (_request, response) => {
          found = response.getHeader('tributary-import-id') ?? found
        },
        onError: reject,
        onSuccess: () => resolve(found),
      })
      upload.start()
    })
    expect((await ended(server, owner, importId)).files).toMatchObject([{ name: 'client.fit', status: 'done' }])
  })

  test('whose last answer was lost is found finished, with its import', async () => {
    const bytes = ride(6)
    const url = (await begin(bytes.length)).headers.get('location') ?? ''
    const id = url.split('/').at(-1)
    await piece(url, 0, bytes)
    // As a process leaves it that dies between the last byte and the import.
    await ask('update tributary.uploads set import_id = null where upload_id = $1', [id])
    const look = await send('HEAD', url)
    expect((await ended(server, owner, look.headers.get('tributary-import-id') ?? '')).files).toHaveLength(1)
  })

  test('is not there for anybody else', async () => {
    const stranger = await server.person()
    const url = (await begin(100)).headers.get('location') ?? ''
    expect((await send('HEAD', url, {}, undefined, stranger)).status).toBe(404)
    expect(await piece(url, 0, randomBytes(10), stranger)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await send('DELETE', url, {}, undefined, stranger)).toMatchObject({ status: 404 })
    expect((await send('HEAD', url)).status).toBe(200)
  })

  test('can be given up, and the audit log says by whom', async () => {
    const url = (await begin(2_000_000)).headers.get('location') ?? ''
    await piece(url, 0, randomBytes(1_000_000))
    expect((await send('DELETE', url)).status).toBe(204)
    expect((await send('HEAD', url)).status).toBe(404)
    const id = url.split('/').at(-1)
    expect(await ask('select 1 from tributary.file_parts where file_id = $1', [id])).toEqual([])
    // Once, and by name: giving up what is not there any more changes nothing.
    expect((await send('DELETE', url)).status).toBe(404)
    const lines = await ask('select action, actor, outcome from tributary.audit_log where target = $1 order by at', [
      id,
    ])
    expect(lines).toEqual(
      ['createUpload', 'deleteUpload'].map((action) => ({ action, actor: `person:${owner.userId}`, outcome: 'ok' })),
    )
  })

  test.each([
    ['at another place than it stands', () => ({ 'upload-offset': '5' }), 409, 'upload_moved'],
    ['without the protocol', () => ({ 'tus-resumable': '' }), 412, 'tus_version_unsupported'],
    ['longer than it said', () => ({}), 413, 'payload_too_large'],
    ['packed', () => ({ 'content-encoding': 'gzip' }), 415, 'encoding_unsupported'],
    ['as another type', () => ({ 'content-type': 'text/plain' }), 415, 'media_type_unsupported'],
  ])('with a piece %s is refused', async (_, headers, status, code) => {
    const url = (await begin(10)).headers.get('location') ?? ''
    const answer = await send(
      'PATCH',
      url,
      { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0', ...headers() },
      randomBytes(20),
    )
    expect(answer).toMatchObject({ status, body: { code } })
    expect((await send('HEAD', url)).headers.get('upload-offset')).toBe('0')
  })

  test.each([
    ['of nothing', '0', 400, 'invalid_request'],
    ['of more than an upload may be', '20000000001', 413, 'payload_too_large'],
    ['without its length', '', 400, 'invalid_request'],
  ])('%s is refused before it begins', async (_, length, status, code) => {
    const answer = await send('POST', path, length ? { 'upload-length': length } : {})
    expect(answer).toMatchObject({ status, body: { code } })
  })

  test('needs somebody who may write, and with a cookie the header that no other page can send', async () => {
    const viewer = await server.person('viewer')
    expect(await begin(10, 'a', viewer)).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect(await send('POST', path, { authorization: '', 'upload-length': '5' })).toMatchObject({ status: 401 })
    const signedIn = await fetch(`${server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: owner.email, password: owner.password, session: 'cookie' }),
    })
    const cookie = cookiesOf(signedIn.headers)
    expect(cookie).not.toBe('')
    const headers = { cookie, 'tus-resumable': '1.0.0', 'upload-length': '5' }
    const bare = await fetch(`${server.url}${path}`, { method: 'POST', headers })
    expect(bare.status).toBe(403)
    const meant = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'x-tributary-csrf': '1' },
    })
    expect(meant.status).toBe(201)
  })
})
