/** Readings from elsewhere made fit for the store: whole milliseconds, one value a time, text that can be kept. */
import type { Measured, SessionReading } from '@tributary/protocol'
import { cleanText } from './clean-text.ts'
import { oncePerTime } from './once-per-time.ts'

export function cleanSessions(sessions: readonly SessionReading[]): SessionReading[] {
  return sessions.map(({ track, streams, ...session }) => ({
    ...cleanText(session),
    ...(track && { track }),
    ...(streams && { streams }),
  }))
}

export function cleanReadings(readings: readonly Measured[]): { cleaned: Measured[]; repeated: number } {
  let times = 0
  const cleaned = readings.map((reading) => {
    if (reading.kind === 'positions') return reading
    if (reading.kind !== 'series') return cleanText(reading)
    const { series, repeated } = oncePerTime(reading)
    times += repeated
    return series
  })
  return { cleaned, repeated: times }
}
