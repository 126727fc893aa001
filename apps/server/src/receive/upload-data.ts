/** What a device measured, from the request to an answer that is given only when the data is durable. */
import { type AnswerOf, type Routes, routes } from '@tributary/protocol'
import type { Parts } from '../parts.ts'
import type { Errand } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import { guardOf, keptAnswer, onceOf } from './once.ts'
import { parseUpload } from './parse-upload.ts'
import { Receipt } from './receipt.ts'
import { isUsable, type UnusableBody, type UsableBody } from './upload.ts'

type UploadCall = Errand<Routes['uploadData']>

/** BATCH_SIZE is document 2's; a batch is a minute of a value each second. */
const valuesPerBatchSize = 60

export async function receiveUpload(call: UploadCall, parts: Parts): Promise<AnswerOf<Routes['uploadData']>> {
  const { userId } = call.caller
  const deviceId = call.params.device_id.toLowerCase()
  const sourceId = await parts.deviceSources.findToWrite(userId, deviceId)
  if (!sourceId) throw new Problem('not_found')
  const once = await onceOf(call)
  const { list, bodies } = parseUpload(bytesOf(call), isLines(call), parts.config.BATCH_SIZE * valuesPerBatchSize)
  const receipt = new Receipt(call, deviceId, list, bodies, parts.clock.now(), once)
  try {
    const { readings } = await parts.ingest({
      userId,
      sourceId,
      readings: receipt.readings,
      alongside: (judged) => receipt.rowsFor(judged),
      ...guardOf(userId, once),
    })
    noticeDevice(parts, userId, deviceId, bodies)
    return receipt.answer(readings)
  } catch (error) {
    if (error instanceof GuardTaken && once) throw await keptAnswer(call, once)
    throw isSourceGone(error) ? new Problem('not_found') : error
  }
}

export const uploadData = handle(routes.uploadData, receiveUpload, { raw: true })

const contentType = (call: UploadCall): string => call.request.headers['content-type'] ?? ''

/** `application/x-ndjson`, with or without a charset. */
const isLines = (call: UploadCall): boolean => contentType(call).startsWith('application/x-ndjson')

function bytesOf(call: UploadCall): Buffer {
  const { body } = call.request
  if (!isLines(call) && !contentType(call).startsWith('application/json'))
    throw new Problem('media_type_unsupported', 'Send application/json or application/x-ndjson')
  if (!Buffer.isBuffer(body)) throw new Problem('invalid_json', 'The request has no body')
  return body
}

/** The last word about battery and signal counts. */
function noticeDevice(
  { sightings }: Parts,
  userId: string,
  deviceId: string,
  bodies: readonly (UsableBody | UnusableBody)[],
): void {
  let battery: number | undefined
  let signal: string | undefined
  for (const body of bodies) {
    if (!isUsable(body)) continue
    battery = body.metadata?.battery_level ?? battery
    signal = body.metadata?.signal_strength ?? signal
  }
  sightings.see(userId, deviceId, { battery, signal })
}

/** The device was removed while its data was on the way. 23503: foreign_key_violation. */
const isSourceGone = (error: unknown): boolean => (error as { code?: string }).code === '23503'
