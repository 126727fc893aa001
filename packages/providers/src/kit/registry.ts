/** How a list of providers is looked through. */
import type { Provider } from './provider.ts'

export interface Registry<Id extends string> {
  /** By id or by another name of it. */
  findProvider(id: string): Provider | undefined
  /** The provider a device belongs to: named by the first words of its type, else by its maker, else `custom`. */
  providerOf(deviceType: string, manufacturer?: string | null): Id
}

export function registryOf<const P extends Provider>(
  providers: readonly P[],
  otherNames: Readonly<Record<string, P['id']>> = {},
): Registry<P['id']> {
  return {
    findProvider(id) {
      const known = otherNames[id] ?? id
      return providers.find((provider) => provider.id === known)
    },
    providerOf(deviceType, manufacturer) {
      const type = deviceType.toLowerCase()
      const maker = manufacturer?.trim().toLowerCase().replaceAll(' ', '_')
      const beginsWith = (word: string) => type === word || type.startsWith(`${word}_`) || type.startsWith(`${word}:`)
      const found =
        providers.findLast(({ makers }) => makers.some(beginsWith)) ??
        providers.find(({ makers }) => maker !== undefined && makers.includes(maker))
      return found?.id ?? 'custom'
    },
  }
}
