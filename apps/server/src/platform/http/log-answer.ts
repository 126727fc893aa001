import type { Log } from '../log.ts'

export interface Answered {
  userId: string | undefined
  deviceId: string | undefined
  operation: string | undefined
  method: string
  status: number
  ms: number
  requestId: string
}

/** One line a request. Reading and uploads are quiet: thousands a second would drown the rest. */
export function logAnswer(log: Log, { userId, deviceId, operation, method, status, ms, requestId }: Answered): void {
  const quiet = method === 'GET' || operation === 'uploadData'
  const level = quiet && status < 500 ? 'debug' : 'info'
  if (!log.isLevelEnabled(level)) return
  log[level]({
    user: userId,
    device: deviceId,
    operation: operation ?? 'unknown',
    status,
    ms: Math.round(ms),
    request_id: requestId,
  })
}
