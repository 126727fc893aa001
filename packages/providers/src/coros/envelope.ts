import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { ProviderError, type ProviderFault } from '../kit/errors.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { membersOf } from '../kit/token-answer.ts'

const envelope = z.object({ result: z.union([z.string(), z.number()]), data: z.unknown().optional() })

/** COROS's own codes, which come with status 200. */
const faults: Readonly<Record<string, readonly [ProviderFault, string]>> = tableOf({
  5006: ['auth', 'COROS does not accept the token'],
  5010: ['auth', 'COROS does not know the account'],
  5016: ['unavailable', 'COROS is busy'],
  30009: ['scope', 'COROS has not switched this on for the operator’s app'],
})

/** Only a result of zeros is a success. */
export function dataOf(body: unknown): unknown {
  const { result, data } = readAnswer(envelope, body)
  const code = String(result)
  if (/^0+$/.test(code)) return data
  const [fault, message] = faults[code] ?? ['bad_data', `COROS answered with its code ${code.slice(0, 10)}`]
  throw new ProviderError(fault, message)
}

export const isTokenEnded = (body: unknown): boolean => faults[String(membersOf(body)['result'])]?.[0] === 'auth'

/** COROS counts zones in quarters of an hour: 4 is +01:00. */
export const offsetOf = (zone: number | null | undefined): number | undefined =>
  zone === null || zone === undefined ? undefined : zone * 15

const dayMs = 86_400_000
const dateAt = (t: number): string => new Date(t).toISOString().slice(0, 10).replaceAll('-', '')

/** Dates of the person's calendar, both included: a stretch is asked for a day wide, but not into what COROS does not give. */
export function datesOf(
  { from, to }: { from: number; to: number },
  now: number,
): { startDate: string; endDate: string } | undefined {
  const start = Math.max(from - dayMs, now - 89 * dayMs) // three months
  const end = Math.min(to + dayMs, now + dayMs)
  return start > end ? undefined : { startDate: dateAt(start), endDate: dateAt(end) }
}
