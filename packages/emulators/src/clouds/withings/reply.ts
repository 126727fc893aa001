import { json } from '../kit/answers.ts'

/** HTTP is 200 whatever happened; the status inside says what did. */
export const ok = (body: unknown = {}): Response => json({ status: 0, body })

/** Numbers of the page's families. */
export const codes = {
  unauthenticated: 401,
  forbidden: 277,
  invalid: 503,
  tooMany: 601,
  notImplemented: 2_554,
  callback: 293,
  nothing: 294,
} as const

export const no = (status: number, error: string): Response => json({ status, body: {}, error })
