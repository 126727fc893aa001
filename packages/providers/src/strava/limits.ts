import { ProviderError } from '../kit/errors.ts'
import { membersOf } from '../kit/token-answer.ts'

const quarterMs = 15 * 60_000
const dayMs = 24 * 60 * 60_000

/** Strava answers 401 for a missing scope too, and says no `Retry-After`. */
export function fault(status: number, body: unknown, headers: Headers, now: number): ProviderError | undefined {
  if (status === 429)
    return new ProviderError('rate_limit', 'Strava’s limit of requests is used up', {
      status,
      retryAfterMs: pause(headers, now) ?? untilNext(quarterMs, now),
    })
  if (status === 401 && lacksScope(body))
    return new ProviderError('scope', 'Strava was not allowed to give this', { status })
  return undefined
}

/** `{"errors":[{"resource":"AccessToken","field":"activity:read_permission","code":"missing"}]}` is no dead token. */
function lacksScope(body: unknown): boolean {
  const { errors } = membersOf(body)
  if (!Array.isArray(errors)) return false
  return errors.some((error) => {
    const { field, code } = membersOf(error)
    return code === 'missing' && typeof field === 'string' && field.endsWith('_permission')
  })
}

/** Two pairs of "15 minutes, day": of reads and of everything. Windows begin at :00, :15, :30, :45 and at 00:00 UTC. */
export function pause(headers: Headers, now: number): number | undefined {
  const used = ['x-readratelimit', 'x-ratelimit'].map((name) => usedUp(headers, name))
  if (used.some(({ day }) => day)) return untilNext(dayMs, now)
  return used.some(({ quarter }) => quarter) ? untilNext(quarterMs, now) : undefined
}

function usedUp(headers: Headers, name: string): { quarter: boolean; day: boolean } {
  const numbers = (header: string) => (headers.get(header) ?? '').split(',').map((text) => Number.parseInt(text, 10))
  const limit = numbers(`${name}-limit`)
  const usage = numbers(`${name}-usage`)
  const isFull = (i: number) => (usage[i] ?? Number.NaN) >= (limit[i] ?? Number.NaN)
  return { quarter: isFull(0), day: isFull(1) }
}

const untilNext = (length: number, now: number): number => length - (now % length)
