import { readFileSync } from 'node:fs'
import type { SeriesReading, Stream } from '@tributary/protocol'
import type { ParsedFile } from '../parsed-file.ts'

/** A file that a real device or service wrote. */
export function fixture(path: string): Uint8Array {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))
}

export function seriesOf(parsed: ParsedFile, metric: string): SeriesReading {
  const found = parsed.readings.find((reading) => reading.metric === metric)
  if (!found) throw new Error(`no ${metric} among ${parsed.readings.map((reading) => reading.metric).join(', ')}`)
  return found
}

export function valuesOf(parsed: ParsedFile, metric: string): number[] {
  return [...seriesOf(parsed, metric).v]
}

export function streamOf(parsed: ParsedFile, name: string, session = 0): Stream {
  const found = parsed.sessions[session]?.streams?.[name]
  if (!found) throw new Error(`no stream ${name}`)
  return found
}

export function codesOf(parsed: ParsedFile): string[] {
  return parsed.warnings.map((warning) => warning.code)
}
