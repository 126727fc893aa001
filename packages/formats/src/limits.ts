import type { ActivityFormat, Limits } from './parsed-file.ts'

const MB = 1_000_000

/** A 24 h ultra at 1 Hz is 15 MB of FIT; a 10 h ride is 25 MB of TCX. */
export const formatLimits: Record<ActivityFormat, Limits> = {
  fit: { bytes: 100 * MB, records: 500_000 },
  tcx: { bytes: 100 * MB, records: 500_000 },
  gpx: { bytes: 50 * MB, records: 500_000 },
}

/** Highest decompressed size ÷ compressed size; judged once `gzipFree` bytes came out, as small files may well shrink more. */
export const gzipRatio = 100
export const gzipFree = 1 * MB

/** XML: elements inside elements, attributes of one element, and characters of one name, text or attribute. */
export const xmlLimits = { depth: 64, attributes: 128, token: 1 * MB }

/**
 * JSON: brackets inside brackets, bytes of one value that is handed over whole (a workout with its route: a day at 1 Hz is 26 MB),
 * bytes of one text or number in it, bytes of one name.
 */
export const jsonLimits = { depth: 64, value: 32 * MB, token: 1 * MB, key: 64_000 }

/** 2000-01-01: before it no fitness device wrote a file, but a GPS whose week counter rolled over claims so. */
export const earliest = Date.UTC(2000, 0, 1)
export const dayMs = 86_400_000
