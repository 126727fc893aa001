import type { RecordSource } from '../kit/feed.ts'

interface Named {
  deviceid?: string | null | undefined
  hash_deviceid?: string | null | undefined
  model?: string | number | null | undefined
}

/** The thing that measured; `model` is its name in one service and a number in others. */
export function deviceOf({ deviceid, hash_deviceid, model }: Named): RecordSource | undefined {
  const key = hash_deviceid ?? deviceid
  if (!key) return undefined
  if (typeof model !== 'string') return { key, name: 'Withings', manufacturer: 'Withings' }
  return { key, name: `Withings ${model}`, manufacturer: 'Withings', model }
}

export const sometimes = { deviceid: 'where there is no hash of it' }
