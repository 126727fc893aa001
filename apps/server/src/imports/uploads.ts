/**
 * Resumable uploads (tus 1.0) at /api/v1/uploads, behind the same guards as every route: policy, sign-in, CSRF, rate limit,
 * problems. The protocol is @tus/server's; what it answers passes through here, so a refusal leaves as a problem.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { Server } from '@tus/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import type { Parts } from '../parts.ts'
import { insertAudit } from '../platform/http/audit.queries.ts'
import { isUuid } from '../platform/http/cursor.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { deliveredBytes } from './delivered-bytes.ts'
import { finishUpload, type Witness } from './finish-upload.ts'
import { idOf, type UploadPlace, UploadStore } from './upload-store.ts'

const uploadPath = '/api/v1/uploads'
/** Archives are streamed, so their size costs disk and nothing else; what kinds of file may be so large is the readers' to say. */
const mostUploadBytes = 20_000_000_000
const importIdHeader = 'Tributary-Import-Id'

interface Asked {
  place: UploadPlace
  witness: Witness
}

export function mountUploads(app: FastifyInstance, parts: Pick<Parts, 'db' | 'disk' | 'imports'>): void {
  const { db, disk, imports } = parts
  /** The store is called by tus, which knows nothing of who asks. */
  const asking = new AsyncLocalStorage<Asked>()
  const store = new UploadStore(db, disk, (tx, { userId, uploadId }) => {
    const { witness } = must(asking.getStore(), 'an upload is removed by who asked for it')
    return insertAudit(tx, { ...witness, userId, action: 'deleteUpload', target: uploadId, outcome: 'ok' })
  })
  const asked = new WeakMap<Request, Asked>()
  const failures = new WeakMap<Request, unknown>()
  const of = (request: Request) => must(asked.get(request), 'a request to tus came through our door')
  const finish = async ({ place, witness }: Asked) => {
    const made = await finishUpload(db, store, place, witness)
    if (made?.isNew) imports.wake()
    return made?.importId
  }
  const tus = new Server({
    path: uploadPath,
    datastore: store,
    maxSize: mostUploadBytes,
    allowedOrigins: [],
    disableTerminationForFinishedUploads: true,
    namingFunction: (request) => idOf(of(request as Request).place),
    getFileIdFromRequest: (request) => idOf(of(request as Request).place),
    generateUrl: (request) => `${uploadPath}/${of(request as Request).place.uploadId}`,
    onUploadCreate: async (request, upload) => {
      if (!upload.size) throw new Problem('invalid_request', 'The file is empty')
      await audit(of(request as Request))
      return {}
    },
    onUploadFinish: async (request) => {
      const importId = await finish(of(request as Request))
      return importId ? { headers: { [importIdHeader]: importId } } : {}
    },
    onResponseError: (request, error) => {
      failures.set(request as Request, error)
      const { status_code, body } = error as { status_code?: number; body?: unknown }
      return { status_code: status_code ?? 500, body: typeof body === 'string' ? body : '' }
    },
  })

  function audit({ place: { userId, uploadId }, witness }: Asked): Promise<void> {
    const line = { ...witness, userId, action: 'createUpload', target: uploadId, outcome: 'ok' }
    return db.write({ userId }, (tx) => insertAudit(tx, line))
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = must(request.caller, 'a route that is not public has a caller')
    const uploadId = (request.params as { upload_id?: string }).upload_id ?? uuidv7()
    if (!isUuid(uploadId)) throw new Problem('not_found')
    if (request.method === 'POST' || request.method === 'PATCH') {
      if (request.headers['content-encoding'])
        throw new Problem('encoding_unsupported', 'Pieces of a file are sent as they are')
      disk.assertRoom()
      imports.warm()
    }
    const inner = innerRequest(request)
    const place = { userId: caller.userId, uploadId }
    const witness = { actor: caller.actor, address: request.ip, requestId: request.id }
    asked.set(inner, { place, witness })
    const response = await asking.run({ place, witness }, () => tus.handleWeb(inner))
    if (response.status >= 400 && !request.raw.readableEnded) {
      // What is still on its way is read and thrown away, so that the sender gets to see the answer; then the line is cut.
      reply.header('connection', 'close')
      request.raw.resume()
    }
    if (response.status >= 400) throw problemOf(response.status, await response.text(), failures.get(inner), reply)
    for (const [name, value] of response.headers) if (!name.startsWith('access-control-')) reply.header(name, value)
    if (request.method === 'HEAD') {
      const importId = await finish(of(inner))
      if (importId) reply.header(importIdHeader, importId)
    }
    return reply.code(response.status).send()
  }

  const route = (method: string | string[], url: string, name: string) =>
    app.route({
      method: method as never,
      url,
      config: { policy: 'data:write', name },
      compress: false,
      handler: answer,
    })
  route('POST', uploadPath, 'createUpload')
  route(['HEAD', 'PATCH', 'DELETE'], `${uploadPath}/:upload_id`, 'continueUpload')
  app.route({
    method: 'OPTIONS',
    url: uploadPath,
    config: { policy: 'public' },
    handler: (_request, reply) =>
      reply
        .code(204)
        .headers({
          'tus-resumable': '1.0.0',
          'tus-version': '1.0.0',
          'tus-extension': store.extensions.join(','),
          'tus-max-size': mostUploadBytes,
        })
        .send(),
  })
}

/** The protocol works on web requests; its body is ours to read, so that nothing which came is lost. */
function innerRequest(request: FastifyRequest): Request {
  const { method, headers, body } = request
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && !['authorization', 'cookie'].includes(name) ? [[name, value] as [string, string]] : [],
  )
  const stream = body instanceof Readable ? ReadableStream.from(deliveredBytes(body)) : null
  return new Request(`http://uploads.invalid${request.url}`, {
    method,
    headers: plain,
    ...(stream ? { body: stream, duplex: 'half' } : {}),
  } as RequestInit)
}

function problemOf(status: number, said: string, failure: unknown, reply: FastifyReply): unknown {
  // What tus itself refuses has a status of its own; anything else is ours or the database's.
  if (failure !== undefined && (failure as { status_code?: number }).status_code === undefined) return failure
  if (status === 404 || status === 410) return new Problem('not_found')
  if (status === 409) return new Problem('upload_moved')
  if (status === 413)
    return new Problem(
      'payload_too_large',
      `An upload takes at most ${mostUploadBytes} bytes, and no more than it said`,
      {
        max_file_bytes: mostUploadBytes,
      },
    )
  if (status === 412) {
    reply.header('tus-version', '1.0.0')
    return new Problem('tus_version_unsupported')
  }
  return new Problem('invalid_request', said.trim().slice(0, 200) || undefined)
}
