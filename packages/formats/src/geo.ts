import type { Stream } from '@tributary/protocol'
import { medianOfFive } from './median.ts'

/** Mean radius of the Earth in metres (IUGG R1). */
const earthRadius = 6_371_008.8
const radians = Math.PI / 180

/** Metres between two places, along the great circle. */
export function haversine(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const a =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(a)))
}

/** Why a place is not one, or undefined. 0,0 and 180° are what receivers write before their first fix. */
export function placeFault(lat: number, lon: number): string | undefined {
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) return 'the position is not a number'
  if (lat === 0 && lon === 0) return 'position 0,0 means that there was no fix'
  if (lat < -90 || lat > 90 || lon < -180 || lon > 180) return `position ${lat},${lon} is not on Earth`
  return undefined
}

/** To 7 decimals, which is a centimetre: what comes after is noise of the conversion. */
export function roundPlace(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}

/** Rise and fall in metres: a median of five takes single outliers, then only changes past the threshold count. */
export function climb(elevation: Stream, threshold: number): { gain: number; loss: number } {
  let gain = 0
  let loss = 0
  let level = Number.NaN
  for (let i = 0; i < elevation.v.length; i++) {
    const height = medianOfFive(elevation.v, i)
    if (Number.isNaN(level)) level = height
    const change = height - level
    if (Math.abs(change) < threshold) continue
    if (change > 0) gain += change
    else loss -= change
    level = height
  }
  return { gain, loss }
}
