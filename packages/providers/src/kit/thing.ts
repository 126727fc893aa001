import type { RecordSource } from './feed.ts'

/** A thing of a maker, by its serial number where records tell one, else by what it is called; some records tell only one of them. */
export function thingOf(
  manufacturer: string,
  serial: string | null | undefined,
  model?: string | null,
): RecordSource | undefined {
  const key = serial ?? model
  if (!key) return undefined
  return {
    key,
    name: model ?? manufacturer,
    manufacturer,
    ...(model ? { model } : {}),
    ...(serial ? { serial } : {}),
  }
}
