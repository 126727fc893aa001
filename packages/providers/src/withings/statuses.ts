/** The status inside an answer; HTTP says 200 for all of them. Families as Withings' page lists them. */
import { ProviderError, type ProviderFault } from '../kit/errors.ts'
import { membersOf } from '../kit/token-answer.ts'

const auth = parse('100-102 200 401')
const scope = parse('214 277 2553 2555')
const limited = parse('601')
const parameters = parse(
  '201-213 216-218 220-221 223 225 227-230 234-236 238 240-252 254 260-267 271-272 275-276 283-288 290 293-295 297 300-304 321 323-353 380-382 400 501-511 523 532 3017-3019 2554',
)
/** The limit is by the minute, and no header says how much of it has passed. */
const minuteMs = 60_000

export function refusalOf(status: number): ProviderError {
  const fault = faultOf(status)
  return new ProviderError(fault, `Withings answered with status ${status}`, {
    status,
    ...(fault === 'rate_limit' ? { retryAfterMs: minuteMs } : {}),
  })
}

/** `authentication (refresh the token)`, as the page says; a status that stands where HTTP would say 401. */
export const isTokenEnded = (body: unknown): boolean => auth.has(Number(membersOf(body)['status']))

function faultOf(status: number): ProviderFault {
  if (auth.has(status)) return 'auth'
  if (scope.has(status)) return 'scope'
  if (limited.has(status)) return 'rate_limit'
  return parameters.has(status) ? 'bad_data' : 'unavailable' // `an error occurred`, a time-out, a wrong state
}

/**
 * What the token endpoint refused. It has one status (503) for whatever is wrong with what it was sent, and only the text names it:
 * `Invalid Params: invalid code`, `invalid refresh_token`, `invalid client id/secret`. Undefined where it says nothing of either.
 */
export function refusedPart(answer: unknown): 'grant' | 'app' | undefined {
  const { status, error } = membersOf(answer)
  if (typeof status !== 'number' || !(auth.has(status) || parameters.has(status))) return undefined
  if (/client|secret|signature/i.test(String(error))) return 'app'
  return /\b(code|refresh_token|invalid_grant)\b/i.test(String(error)) ? 'grant' : undefined
}

function parse(families: string): ReadonlySet<number> {
  return new Set(
    families.split(' ').flatMap((family) => {
      const [first = 0, last = first] = family.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    }),
  )
}
