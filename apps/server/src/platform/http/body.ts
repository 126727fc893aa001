/** Reading bodies that may be hostile: too large, too deep, compressed a thousandfold, not what they say. */
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'

export const maxBodyBytes = 16 * 1024 * 1024
const maxDepth = 64
/** Below this a body cannot be nested deep enough to hurt. */
const shallowBytes = 16_384

/** JSON and NDJSON arrive as a Buffer; files stay streams, and forms are @fastify/multipart's. Everything else is refused with 415. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  for (const type of ['application/json', 'application/x-ndjson'])
    app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
      done(null, body),
    )
  app.addContentTypeParser(
    ['application/octet-stream', 'application/offset+octet-stream'],
    (_request: FastifyRequest, payload: Readable, done: (error: null, body: Readable) => void) => done(null, payload),
  )
  app.addHook('preParsing', async (request, _reply, payload) => decompress(request, payload))
}

/** gzip and br, cut off at the same limit as a plain body: what was sent says nothing about what comes out. */
async function decompress(request: FastifyRequest, payload: Readable & { receivedEncodedLength?: number }) {
  const encoding = request.headers['content-encoding']?.toLowerCase() // RFC 9110 §8.4.1: in any case
  if (encoding === undefined || encoding === 'identity') return payload
  if (encoding !== 'gzip' && encoding !== 'br')
    throw new Problem('encoding_unsupported', `Content-Encoding takes gzip or br, not ${encoding}`)
  const plain: Readable & { receivedEncodedLength?: number } =
    encoding === 'gzip' ? createGunzip() : createBrotliDecompress()
  plain.on('error', () => undefined) // whoever reads it is told; a body that is refused unread must not end the program
  let received = 0
  payload.on('data', (chunk: Buffer) => {
    received += chunk.length
    plain.receivedEncodedLength = received
  })
  payload.on('error', (error) => plain.destroy(error))
  plain.receivedEncodedLength = 0
  return payload.pipe(plain as Readable & NodeJS.WritableStream)
}

/** Parses JSON. Of a key that stands twice the last one counts, as in every JSON.parse. */
export function parseJson(body: Buffer): unknown {
  if (body.length > shallowBytes) assertShallow(body)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new Problem('invalid_json') // the parser's message quotes the body
  }
}

/** A body of ten million `[` would cost a gigabyte to parse; counting them costs milliseconds. */
export function assertShallow(body: Buffer): void {
  let depth = 0
  let quoted = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]
    if (quoted) {
      if (byte === 0x5c) at++
      else if (byte === 0x22) quoted = false
    } else if (byte === 0x22) quoted = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > maxDepth) throw new Problem('invalid_json', `The body is nested deeper than ${maxDepth} levels`)
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
}
