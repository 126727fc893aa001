import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { attachment } from './content-disposition.ts'

/**
 * A stored file as a download, part by part, so that one of any size costs a megabyte. Always a download: what is in it was not
 * made by us. A HEAD is answered without reading any of it: what the framework gets to drop is empty.
 */
export function sendParts(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { name, bytes }: { name: string; bytes: number },
  parts: () => AsyncIterable<Buffer>,
): void {
  reply
    .type('application/octet-stream')
    .header('content-disposition', attachment(name))
    .header('x-content-type-options', 'nosniff')
    .header('content-length', bytes)
    .send(Readable.from(request.method === 'HEAD' ? [] : parts()))
}
