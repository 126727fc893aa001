import { type FieldError, type ProblemBody, type ProblemCode, problems } from '@tributary/protocol'

/** An error that is the caller's to know: it leaves as `application/problem+json`, and the transaction it was thrown in is rolled back. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly code: ProblemCode
  readonly errors: FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly extra: Record<string, unknown>

  constructor(code: ProblemCode, detail?: string, more: ProblemExtras = {}) {
    super(detail ?? problems[code].title)
    const { errors, retryAfterSeconds, ...extra } = more
    this.code = code
    this.status = problems[code].status
    this.errors = errors
    this.retryAfterSeconds = retryAfterSeconds
    this.extra = extra
  }

  /** The answer's body. `instance` is the request id, so that a person can quote it and an operator can find it. */
  body(instance: string): ProblemBody {
    return {
      type: `/problems/${this.code}`,
      title: problems[this.code].title,
      status: this.status,
      code: this.code,
      detail: this.message,
      instance,
      ...(this.errors ? { errors: this.errors } : {}),
      ...this.extra,
    }
  }
}

export interface ProblemExtras {
  errors?: FieldError[]
  retryAfterSeconds?: number
  [field: string]: unknown
}
