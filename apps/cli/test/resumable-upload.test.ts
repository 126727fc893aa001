import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@tributary/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { uploadInPieces } from '../src/resumable-upload.ts'

const size = 40_000_000
let folder: string
let path: string
let server: Server
let url: string
let received: Buffer[]
/** What happens to the next pieces before one is taken: `cut` takes half of it and breaks the line, a number is answered. */
let troubles: ('cut' | number)[]
let asked: string[]

const have = () => received.reduce((sum, { length }) => sum + length, 0)

/** tus 1.0 as our server speaks it. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  asked.push(request.method ?? '')
  expect(request.headers).toMatchObject({ 'tus-resumable': '1.0.0', authorization: 'Bearer key' })
  if (request.method === 'POST') {
    expect(request.headers).toMatchObject({
      'upload-length': String(size),
      'upload-metadata': `filename ${btoa('big.zip')}`,
    })
    response.writeHead(201, { location: '/api/v1/uploads/1' }).end()
    return
  }
  const done = () => (have() === size ? { 'tributary-import-id': 'the import' } : {})
  if (request.method === 'HEAD') {
    response.writeHead(200, { 'upload-offset': String(have()), ...done() }).end()
    return
  }
  const trouble = troubles.shift()
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const piece = Buffer.concat(chunks)
  if (trouble === 'cut') {
    received.push(piece.subarray(0, piece.length / 2))
    request.socket.destroy()
  } else if (trouble) response.writeHead(trouble, { 'content-type': 'application/problem+json' }).end('{}')
  else if (Number(request.headers['upload-offset']) !== have()) response.writeHead(409).end('{}')
  else {
    received.push(piece)
    response.writeHead(204, { 'upload-offset': String(have()), ...done() }).end()
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trb-pieces-'))
  path = join(folder, 'big.zip')
  await writeFile(path, Buffer.alloc(size, 'tributary '))
  received = []
  troubles = []
  asked = []
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

const send = (onSent: (bytes: number) => void = () => undefined) =>
  uploadInPieces({ client: createClient({ baseUrl: url, token: 'key' }), url, token: 'key' }, path, size, onSent)
const whole = () => Buffer.concat(received).equals(Buffer.alloc(size, 'tributary '))

test('a large file goes in pieces, and its import is answered', async () => {
  const told: number[] = []
  expect(await send((bytes) => told.push(bytes))).toBe('the import')
  expect(told).toEqual([16_000_000, 32_000_000, size])
  expect(whole()).toBe(true)
})

test('a line that breaks in the middle of a piece costs the rest of that piece', async () => {
  troubles = [0 as never, 'cut']
  expect(await send()).toBe('the import')
  expect(asked).toEqual(['POST', 'PATCH', 'PATCH', 'HEAD', 'PATCH'])
  expect(whole()).toBe(true)
})

test('a server that is busy or starting is asked again; one that refuses is not', async () => {
  troubles = [503, 429]
  expect(await send()).toBe('the import')
  expect(whole()).toBe(true)
  received = []
  troubles = [413]
  await expect(send()).rejects.toMatchObject({ status: 413 })
})
