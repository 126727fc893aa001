import type { RecordSource } from '../kit/feed.ts'

/** Exercises name the device, nights and tests only its number. */
export function deviceOf(id: string | null | undefined, name?: string | null): RecordSource | undefined {
  const key = id ?? name
  if (!key) return undefined
  return {
    key,
    name: name ?? 'Polar',
    manufacturer: 'Polar',
    ...(name ? { model: name } : {}),
    ...(id ? { serial: id } : {}),
  }
}
