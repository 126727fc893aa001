import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { ArrivingFiles, partBytes } from './arriving-files.ts'
import { sweepOrphans } from './sweep.ts'
import { fixture, formOf, upload } from './test-uploads.ts'

let server: TestServer
let person: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  person = await server.owner()
})
afterAll(() => server.stop())

const limits = { fileBytes: 3 * partBytes, requestBytes: 5 * partBytes, files: 9 }
const arriving = () => new ArrivingFiles(server.parts.db, person.userId, limits)
const chunks = async function* (bytes: Buffer, size = 70_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const partsThere = () =>
  asAdmin(server.database.admin, async (client) => {
    const { rows } = await client.query('select count(*)::int as n from tributary.file_parts')
    return (rows[0] as { n: number }).n
  })

test('a file larger than a part is written while it arrives, in parts that are the file', async () => {
  const bytes = randomBytes(2.5 * partBytes)
  const files = arriving()
  await files.take('a.fit', chunks(bytes))
  expect(files.files[0]).toMatchObject({ name: 'a.fit', bytes: bytes.length, parts: 3 })
  expect(await partsThere()).toBe(3)
  await files.forget()
  expect(await partsThere()).toBe(0)
})

test('a file or an upload beyond its limit is refused with the limits', async () => {
  const refused = {
    code: 'payload_too_large',
    extra: { max_file_bytes: limits.fileBytes, max_request_bytes: limits.requestBytes, max_files: 9 },
  }
  const one = arriving()
  await expect(one.take('a', chunks(Buffer.alloc(limits.fileBytes + 1)))).rejects.toMatchObject(refused)
  await one.forget()
  const several = arriving()
  await several.take('a', chunks(Buffer.alloc(limits.fileBytes)))
  await expect(several.take('b', chunks(Buffer.alloc(limits.fileBytes)))).rejects.toMatchObject(refused)
  await several.forget()
  expect(await partsThere()).toBe(0)
})

test('a sender who vanishes half-way leaves nothing behind', async () => {
  const broken = new AbortController()
  const endless = new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(partBytes))
      if ((await partsThere()) >= 2) broken.abort()
    },
  })
  const headers = { 'content-type': 'application/octet-stream' }
  const sending = fetch(`${server.url}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, ...headers },
    body: endless,
    duplex: 'half',
    signal: broken.signal,
  } as RequestInit)
  await expect(sending).rejects.toThrow()
  await expect.poll(partsThere, { timeout: 20_000 }).toBe(0)
})

test('parts that nobody took back are swept after a day, and those of a file never', async () => {
  await upload(server, person, formOf([{ name: 'w.fit', bytes: await fixture('fit/garmin-fenix-5-walk.fit') }]))
  const kept = await partsThere()
  const forgotten = arriving()
  await forgotten.take('a', chunks(randomBytes(1.5 * partBytes)))
  expect(await sweepOrphans(server.parts.db, Date.now())).toBe(0)
  expect(await partsThere()).toBe(kept + 2)
  expect(await sweepOrphans(server.parts.db, Date.now() + 25 * 3_600_000)).toBe(2)
  expect(await partsThere()).toBe(kept)
})
