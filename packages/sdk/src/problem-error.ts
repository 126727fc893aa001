import { type FieldError, type ProblemBody, type ProblemCode, problems } from '@tributary/protocol'

/** An answer that is not a success. `code` never changes and is what a program decides by. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  /** `unknown_answer`: something between us and the server answered, in its own way. */
  readonly code: ProblemCode | 'unknown_answer'
  readonly status: number
  /** What is wrong where in the request. */
  readonly fields: readonly FieldError[]
  /** Seconds to wait before another try, where the answer says so. */
  readonly retryAfter: number | undefined
  /** The whole problem as it came, with what the code brings along (such as the id of a device that exists). */
  readonly problem: Readonly<Partial<ProblemBody>>

  constructor(status: number, problem: Partial<ProblemBody>, retryAfter?: number) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.code = problem.code ?? 'unknown_answer'
    this.status = status
    this.fields = problem.errors ?? []
    this.retryAfter = retryAfter
    this.problem = problem
  }
}

export async function problemFrom(response: Response, now: () => number): Promise<ProblemError> {
  const text = await response.text()
  return new ProblemError(
    response.status,
    readProblem(response, text),
    secondsUntil(response.headers.get('retry-after'), now),
  )
}

/** A gateway's HTML page has no place in a message for people, so what is no problem becomes an empty one. */
function readProblem(response: Response, text: string): Partial<ProblemBody> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return {}
  try {
    const problem: unknown = JSON.parse(text)
    return isProblem(problem) ? problem : {}
  } catch {
    return {} // cut off on the way: the status still says what there is to say
  }
}

function isProblem(value: unknown): value is ProblemBody {
  if (typeof value !== 'object' || value === null || !('code' in value)) return false
  return typeof value.code === 'string' && Object.hasOwn(problems, value.code)
}

/** Retry-After is seconds or a date (RFC 9110). */
function secondsUntil(header: string | null, now: () => number): number | undefined {
  if (!header) return undefined
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined
}
