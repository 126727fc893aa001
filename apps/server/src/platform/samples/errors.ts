/** What can keep points from being stored, by what the caller should do about it. */

/** Too much is waiting already; nothing was taken. The door answers 503. */
export class StoreBusy extends Error {
  override name = 'StoreBusy'
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super(`the sample store is busy, retry after ${retryAfter} s`)
    this.retryAfter = retryAfter
  }
}

/** Another arrival with the same guard was stored; nothing of this one was. The caller looks up what that one was answered. */
export class GuardTaken extends Error {
  override name = 'GuardTaken'
  constructor(key: string) {
    super(`the guard ${key} is taken`)
  }
}

/** The database could not be reached or has no room. Points may be sent again: what had been stored counts as duplicates. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
  constructor(cause: unknown) {
    super('the sample store cannot write now', { cause })
  }
}

export const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

/** The connection is gone, and with it the certainty of what became of the last statement. */
export function isConnectionLoss(error: unknown): boolean {
  const code = sqlState(error)
  if (code === undefined)
    return /connection|timeout exceeded when trying to connect/i.test((error as Error)?.message ?? '')
  // 08: connection exceptions; 57P0x: the server shuts down, starts up or ended us; the rest: the socket's own.
  return /^08|^57P0[1-5]$|^ECONN|^EPIPE$|^ENOENT$|^ETIMEDOUT$/.test(code)
}

/** Nobody's fault: the same transaction may succeed when tried again. 40001 serialization failure, 40P01 deadlock. */
export const isPassing = (error: unknown): boolean =>
  isConnectionLoss(error) || ['40001', '40P01', '53300'].includes(sqlState(error) ?? '')

/** Disk full, out of memory: no smaller transaction would help. */
const isOutOfRoom = (error: unknown): boolean => /^53/.test(sqlState(error) ?? '')

/** A lock or a statement took longer than the connection allows: 55P03, 57014. */
export const isTooSlow = (error: unknown): boolean => ['55P03', '57014'].includes(sqlState(error) ?? '')

/** The error to give to everybody of a flush, when no smaller one would fare better. */
export function storeCannotWrite(error: unknown): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error
  return isPassing(error) || isOutOfRoom(error) ? new StoreUnavailable(error) : undefined
}

/** The series was erased while points for it were on their way. `seriesFor` makes it anew, if its source still stands. */
export class SeriesGone extends Error {
  override name = 'SeriesGone'
}

/** `latest` refers to `series`: its first flush after an erasure breaks the reference. */
export const isSeriesGone = (error: unknown): boolean =>
  sqlState(error) === '23503' && (error as { table?: unknown }).table === 'latest'
