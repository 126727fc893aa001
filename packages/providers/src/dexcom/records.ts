/** What all lists have in common: windows in UTC without saying so, one answer for each, and two clocks in each record. */
import { z } from 'zod'
import type { Pages, RecordSource, Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'

const Answer = z.object({ records: z.array(z.unknown()) })

export const listed = (path: string) => ({
  windowDays: 30, // longer ones are refused
  lookBackDays: 2, // phones upload late, and the cloud holds back hours
  async *fetch(http: ProviderHttp, { from, to }: Window): Pages {
    const { body } = await http.get(`/v3/users/self/${path}`, { startDate: written(from), endDate: written(to) })
    yield readAnswer(Answer, body).records
  },
})

const written = (t: number): string => new Date(t).toISOString().slice(0, 19)

export const Times = z.object({ systemTime: z.string(), displayTime: z.string().nullish() })

const form = /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$/
const quarterMs = 15 * 60_000

/**
 * `systemTime` is UTC, whether it says so or not; what the person saw lies beside it, and the difference is their zone. Older records
 * lack seconds and leading zeros.
 */
export function momentOf({ systemTime, displayTime }: z.infer<typeof Times>): { t: number; offset?: number } {
  const t = wallOf(systemTime)
  if (t === undefined) throw new RecordError('its time cannot be read')
  const shown = displayTime ? wallOf(displayTime) : undefined
  return shown === undefined ? { t } : { t, offset: Math.round((shown - t) / quarterMs) * 15 }
}

/** What the clock showed, as if it were UTC. */
function wallOf(text: string): number | undefined {
  const found = form.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, minute, second = '0'] = found
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
}

/** Of one blood, but not of the sensor: they are kept apart from its course. */
export const fingerstick: RecordSource = { key: 'fingerstick', name: 'Fingersticks', app: 'Dexcom' }

/** The generation is the device: a sensor itself lives days. */
export function sensorOf({
  transmitterGeneration: generation,
}: {
  transmitterGeneration?: string | null | undefined
}): RecordSource | undefined {
  if (!generation || generation === 'unknown') return undefined
  const model = generation.toUpperCase()
  return { key: generation, name: `Dexcom ${model}`, manufacturer: 'Dexcom', model }
}

export const glucoseUnits: ReadonlySet<string> = new Set(['mg/dL', 'mmol/L'])
