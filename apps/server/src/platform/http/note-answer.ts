import type { Log } from '../log.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

export interface Answered {
  userId: string | undefined
  deviceId: string | undefined
  operation: string | undefined
  method: string
  status: number
  ms: number
  requestId: string
}

/** One line a request, and one more in its operation's count. Reading and uploads are quiet: thousands a second would drown the rest. */
export function noteAnswer(
  { log, telemetry }: { log: Log; telemetry: Pick<Telemetry, 'answered'> },
  { userId, deviceId, operation = 'unknown', method, status, ms, requestId }: Answered,
): void {
  telemetry.answered(operation, status, ms)
  const quiet = method === 'GET' || operation === 'uploadData'
  const level = quiet && status < 500 ? 'debug' : 'info'
  if (!log.isLevelEnabled(level)) return
  log[level]({
    user: userId,
    device: deviceId,
    operation,
    status,
    ms: Math.round(ms),
    request_id: requestId,
  })
}
