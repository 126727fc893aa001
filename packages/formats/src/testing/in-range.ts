/**
 * Of everything that a reader tells, ingest keeps what the check of the catalogue's limits lets through. Here that is held against the
 * catalogue itself: nothing that is kept may lie outside what it calls possible, nor may a reader tell a figure that it knows nothing about.
 */
import {
  catalogue,
  conversionFor,
  convert,
  dayFaultOf,
  faultOf,
  hasKind,
  limitsOf,
  type Measured,
  type MetricId,
  metricOfFigure,
  resolveDataType,
  type SessionReading,
  soundSession,
  type Totals,
} from '@tributary/protocol'

const never = Number.POSITIVE_INFINITY

function isBeyond(metric: MetricId, value: number, isOfDay = false): boolean {
  const { reject, rejectDay, zeroIsMissing } = catalogue[metric]
  const isAmount = hasKind(metric, 'I')
  const least = reject?.[0] ?? (isAmount ? 0 : -never)
  const most = isAmount && isOfDay ? (rejectDay ?? never) : (reject?.[1] ?? never)
  return !(value >= least && value <= most) || (zeroIsMissing === true && value === 0)
}

/** In words. What has another name or another unit than the catalogue's is judged as ingest would call and measure it. */
export function beyondInValues(readings: readonly Measured[]): string[] {
  const beyond: string[] = []
  for (const reading of readings) {
    if (!('metric' in reading)) continue
    const type = resolveDataType(reading.metric)
    if (type?.kind !== 'metric') continue
    const { metric } = type
    const conversion = conversionFor(metric, reading.unit)
    if (!conversion) continue
    const limits = limitsOf(metric)
    const judge = (told: number, length: number, isOfDay = false) => {
      const value = convert(conversion, told)
      const fault = isOfDay ? dayFaultOf(limits, value) : faultOf(limits, value, length)
      if (!fault && isBeyond(metric, value, isOfDay)) beyond.push(`${metric} of ${value} would be kept`)
    }
    if (reading.kind === 'series')
      for (const [i, value] of reading.v.entries()) judge(value, reading.durations?.[i] ?? 0)
    else if (reading.kind === 'event') {
      if (typeof reading.value['value'] === 'number') judge(reading.value['value'], 0)
    } else judge(reading.value, reading.kind === 'sample' ? (reading.duration ?? 0) : 0, reading.kind === 'day')
  }
  return beyond
}

const lengths: readonly string[] = ['duration', 'active_duration', 'moving_duration']
const longest = { workout: 604_800, sleep: 86_400, meditation: 86_400, ecg: never }

/** `anyFigure`: our own export may hold what a person named themselves. */
export function beyondInSession(told: SessionReading, anyFigure = false): string[] {
  const { session } = soundSession(told)
  if (!session) return []
  const seconds = (session.end - session.start) / 1000
  const beyond: string[] = []
  if (!(seconds >= (session.type === 'sleep' ? 300 : 0) && seconds <= longest[session.type]))
    beyond.push(`a ${session.type} of ${seconds} s would be kept`)
  const judge = (totals: Totals, part: string) => {
    for (const [name, value] of Object.entries(totals)) {
      const metric = metricOfFigure(name)
      if (!metric && !lengths.includes(name) && !anyFigure)
        beyond.push(`${name} of ${part} is in no line of the catalogue`)
      const isKept = lengths.includes(name)
        ? !(value >= 0 && value <= longest[session.type])
        : !Number.isFinite(value) || (metric !== undefined && isBeyond(metric, value))
      if (isKept) beyond.push(`${name} of ${value} would be kept for ${part}`)
    }
  }
  judge(session.totals, 'a session')
  for (const { kind, totals = {} } of session.parts) judge(totals, `a ${kind}`)
  return beyond
}
