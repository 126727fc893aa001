/**
 * The registry of providers: kinds and brands of sources, by the id that every table and route uses.
 * Connecting to them comes with the provider folders; until then the list names them, so that a device finds its provider.
 */
export interface ProviderEntry {
  id: string
  name: string
  /** Words a device's type begins with, or its maker is called, in lower case. */
  makers: readonly string[]
}

export const providers = [
  { id: 'strava', name: 'Strava', makers: ['strava'] },
  { id: 'garmin', name: 'Garmin', makers: ['garmin'] },
  { id: 'fitbit', name: 'Fitbit', makers: ['fitbit'] },
  { id: 'polar', name: 'Polar', makers: ['polar'] },
  { id: 'coros', name: 'COROS', makers: ['coros'] },
  { id: 'wahoo', name: 'Wahoo', makers: ['wahoo'] },
  { id: 'suunto', name: 'Suunto', makers: ['suunto'] },
  { id: 'oura', name: 'Oura', makers: ['oura'] },
  { id: 'whoop', name: 'WHOOP', makers: ['whoop'] },
  { id: 'withings', name: 'Withings', makers: ['withings'] },
  { id: 'dexcom', name: 'Dexcom', makers: ['dexcom'] },
  { id: 'ultrahuman', name: 'Ultrahuman', makers: ['ultrahuman'] },
  { id: 'intervals', name: 'intervals.icu', makers: ['intervals'] },
  { id: 'apple', name: 'Apple Health', makers: ['apple', 'apple_health'] },
  { id: 'health_connect', name: 'Health Connect', makers: ['health_connect'] },
  { id: 'samsung', name: 'Samsung Health', makers: ['samsung'] },
  { id: 'xiaomi', name: 'Xiaomi / Zepp', makers: ['xiaomi', 'zepp', 'amazfit', 'huami'] },
  { id: 'google_fit', name: 'Google Fit', makers: ['google', 'google_fit'] },
  { id: 'manual', name: 'Manual entry', makers: ['manual'] },
  { id: 'mqtt', name: 'MQTT', makers: ['mqtt'] },
  { id: 'custom', name: 'Custom device', makers: ['custom'] },
] as const satisfies readonly ProviderEntry[]

export type ProviderId = (typeof providers)[number]['id']

/** The provider a device belongs to: named by the first words of its type, else by its maker, else `custom`. */
export function providerOf(deviceType: string, manufacturer?: string | null): ProviderId {
  const type = deviceType.toLowerCase()
  const maker = manufacturer?.trim().toLowerCase().replaceAll(' ', '_')
  const beginsWith = (word: string) => type === word || type.startsWith(`${word}_`) || type.startsWith(`${word}:`)
  const entries: readonly ProviderEntry[] = providers
  const found =
    entries.findLast(({ makers }) => makers.some(beginsWith)) ??
    entries.find(({ makers }) => maker !== undefined && makers.includes(maker))
  return (found?.id ?? 'custom') as ProviderId
}
