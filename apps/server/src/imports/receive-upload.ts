/** The body of an upload, whichever of its two forms: a multipart form with fields `file`, or the bytes of one file. */
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../platform/problem.ts'
import { type ArrivingFiles, tooLarge, uploadLimits } from './arriving-files.ts'

export async function receiveUpload(
  request: FastifyRequest,
  filename: string | undefined,
  into: ArrivingFiles,
): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > uploadLimits.requestBytes + formOverhead)
    throw tooLarge(`The upload is larger than ${uploadLimits.requestBytes} bytes`)
  try {
    if (request.isMultipart()) await receiveForm(request, into)
    else await receiveBytes(request, filename, into)
  } catch (error) {
    throw explain(error)
  }
  if (!into.files.length)
    throw new Problem('invalid_request', 'The form has no file', {
      errors: [{ pointer: 'file', detail: 'is missing' }],
    })
}

/** Boundaries and headers of a thousand parts. */
const formOverhead = 1_000_000

async function receiveForm(request: FastifyRequest, into: ArrivingFiles): Promise<void> {
  if (request.headers['content-encoding']) throw new Problem('encoding_unsupported', 'A form of files is sent as it is')
  const { files, fileBytes } = uploadLimits
  const limits = { files, fileSize: fileBytes + 1, fields: 8, fieldSize: 1_024, parts: files + 8 }
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file' && part.fieldname === 'file') await into.take(part.filename, part.file)
    else
      throw new Problem('invalid_request', 'The form takes fields `file`, each with a file name and its bytes', {
        errors: [
          { pointer: String(part.fieldname), code: 'unknown_field', detail: 'is not a file of the field `file`' },
        ],
      })
  }
}

async function receiveBytes(request: FastifyRequest, filename: string | undefined, into: ArrivingFiles): Promise<void> {
  const { body, headers } = request
  if (!isStream(body)) {
    if (headers['content-type'] === undefined || body === undefined)
      throw new Problem('invalid_request', 'The body is empty')
    throw new Problem('media_type_unsupported')
  }
  await into.take(filename, body)
  if (into.files[0]?.bytes === 0) throw new Problem('invalid_request', 'The body is empty')
}

const isStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body

/** Faults of the form itself, in our words. The database's pass as they are. */
function explain(error: unknown): unknown {
  if (error instanceof Problem) return error
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (/^FST_(FILES|PARTS|FIELDS)_LIMIT$/.test(code)) return tooLarge(`A form takes at most ${uploadLimits.files} files`)
  if (code.startsWith('FST_') || /multipart|boundary|terminated early|part header|^The needle/i.test(message))
    return new Problem('invalid_request', 'The form is damaged or broke off')
  if (code === 'ECONNRESET' && /aborted/.test(message)) return new Problem('invalid_request', 'The upload broke off')
  return error
}
