/**
 * The operator's own apps at providers. What the environment says wins over what was set in the app, secrets of which are sealed by the
 * installation's key; the demo lends its own to providers that have neither.
 */
import type { AppKeys, Provider, StandIns } from '@tributary/providers/kit'
import { appSetting, type Config } from '../config.ts'
import type { Database } from '../platform/db/database.ts'
import { type Resealed, resealOwn } from '../platform/reseal-own.ts'
import { SealError } from '../platform/seal-record.ts'
import type { Sealing } from '../platform/sealing.ts'
import { appSettingName } from '../provider-settings.ts'
import { listProviderApps, type ProviderAppRow, resealApp } from './apps.queries.ts'

export interface FoundApp {
  keys: AppKeys
  origin: 'environment' | 'settings' | 'demo'
}

/** An app at an emulated cloud. */
export interface LentApp {
  keys: AppKeys
  standIns: StandIns
}

export interface Apps {
  /** `isDemo` asks for the lent one alone. Undefined when an operator has set none, or not all of it. */
  find(provider: Provider, isDemo?: boolean): Promise<FoundApp | undefined>
  /** The origins that stand in for the brand's: an operator's, else those of the account's region. */
  standInsOf(provider: Provider, of?: { region?: string | null; isDemo?: boolean }): StandIns
  /** Settings that are missing before anybody can connect, by the names an operator knows. */
  missing(provider: Provider): Promise<string[]>
  /** Those of an app at the provider, whether or not one is needed. */
  lacking(provider: Provider): Promise<string[]>
  /** What of it the environment sets. */
  given(provider: Provider): Given
  /** What does not open any more is not there: it is to be entered again. */
  keysOfRow(row: ProviderAppRow): { clientSecret: string | undefined; extra: Record<string, string> }
  /** Providers whose app has something that does not open. */
  unreadable(): Promise<string[]>
  /** After a change of theirs, so that it bites at once in this process. */
  forget(): void
  lend(provider: string, app: LentApp): () => void
  /** Seals anew what a former ENCRYPTION_KEY sealed. */
  reseal(): Promise<Resealed>
}

export interface Given {
  clientId: string | undefined
  clientSecret: string | undefined
  extra: Readonly<Record<string, string>>
  baseUrl: string | undefined
  authUrl: string | undefined
}

export const appPlace = (provider: string, column: 'sealed_secret' | 'sealed_extra') => [
  'provider_apps',
  provider,
  column,
]

const believedMs = 1_000

export function createApps(config: Config, db: Database, sealing: Sealing): Apps {
  const lent = new Map<string, LentApp>()

  const given = (provider: Provider): Given => {
    const of = (part: string) => appSetting(config, provider, part)
    const extra = (provider.appSettings ?? []).flatMap(({ name }): [string, string][] => {
      const value = of(name)
      return value === undefined ? [] : [[name, value]]
    })
    return {
      clientId: of('client_id'),
      clientSecret: of('client_secret'),
      extra: Object.fromEntries(extra),
      baseUrl: of('base_url'),
      authUrl: of('auth_url'),
    }
  }

  /** What was read is believed for a second, as with callers: a list of providers asks for each of them, a run with every page. */
  let read: { at: number; rows: Promise<ReadonlyMap<string, ProviderAppRow>> } | undefined
  function rows(): Promise<ReadonlyMap<string, ProviderAppRow>> {
    const at = performance.now()
    if (read && at - read.at < believedMs) return read.rows
    const now = db.asWriter(listProviderApps).then((all) => new Map(all.map((row) => [row.provider, row])))
    read = { at, rows: now }
    now.catch(() => {
      read = undefined // whoever asked is told; the next one asks anew
    })
    return now
  }

  function opened(place: readonly string[], record: string | null): string | undefined {
    if (record === null) return undefined
    try {
      return sealing.openOwn(place, record)
    } catch (error) {
      if (error instanceof SealError) return undefined // its key is gone; `unreadable` names whose
      throw error
    }
  }

  const keysOfRow: Apps['keysOfRow'] = (row) => ({
    clientSecret: opened(appPlace(row.provider, 'sealed_secret'), row.sealed_secret),
    extra: { ...row.extra, ...JSON.parse(opened(appPlace(row.provider, 'sealed_extra'), row.sealed_extra) ?? '{}') },
  })

  const isLost = ({ provider, sealed_secret, sealed_extra }: ProviderAppRow) =>
    (sealed_secret !== null && opened(appPlace(provider, 'sealed_secret'), sealed_secret) === undefined) ||
    (sealed_extra !== null && opened(appPlace(provider, 'sealed_extra'), sealed_extra) === undefined)

  async function parts(provider: Provider) {
    const said = given(provider)
    const row = (await rows()).get(provider.id)
    const kept = row ? keysOfRow(row) : { clientSecret: undefined, extra: {} }
    return {
      clientId: said.clientId ?? row?.client_id ?? undefined,
      clientSecret: said.clientSecret ?? kept.clientSecret,
      extra: { ...kept.extra, ...said.extra },
      origin: said.clientId ? ('environment' as const) : ('settings' as const),
    }
  }

  async function lacking(provider: Provider): Promise<string[]> {
    if (lent.has(provider.id)) return []
    const { clientId, clientSecret, extra } = await parts(provider)
    return [
      ...(clientId ? [] : ['client_id']),
      ...(clientSecret ? [] : ['client_secret']),
      ...neededSettings(provider, extra),
    ].map((part) => appSettingName(provider, part))
  }

  return {
    given,
    keysOfRow,
    forget: () => {
      read = undefined
    },
    async find(provider, isDemo = false) {
      const demo = lent.get(provider.id)
      if (isDemo) return demo && { keys: demo.keys, origin: 'demo' }
      const { clientId, clientSecret, extra, origin } = await parts(provider)
      if (clientId && clientSecret && !neededSettings(provider, extra).length)
        return { keys: { clientId, clientSecret, extra }, origin }
      return demo && { keys: demo.keys, origin: 'demo' }
    },
    standInsOf(provider, { region, isDemo = false } = {}) {
      if (isDemo) return lent.get(provider.id)?.standIns ?? {}
      const { baseUrl, authUrl } = given(provider)
      const origin = region ? provider.regions?.find(({ id }) => id === region)?.origin : undefined
      return { baseUrl: baseUrl ?? origin, authUrl: authUrl ?? origin }
    },
    missing: async (provider) =>
      provider.auth.kind === 'oauth2' || provider.auth.kind === 'oauth1' ? lacking(provider) : [],
    lacking,
    unreadable: async () => (await db.asWriter(listProviderApps)).filter(isLost).map(({ provider }) => provider),
    lend: (provider, app) => {
      lent.set(provider, app)
      return () => void lent.delete(provider)
    },
    reseal: async () =>
      resealOwn(sealing, {
        columns: ['sealed_secret', 'sealed_extra'],
        rows: await db.asWriter(listProviderApps),
        placeOf: ({ provider }, column) => appPlace(provider, column),
        put: (row, sealed) => db.asWriter((tx) => resealApp(tx, row, sealed)),
      }),
  }
}

/** Without which no request is answered, and that nobody has set. */
const neededSettings = ({ appSettings = [] }: Provider, extra: Readonly<Record<string, string>>): string[] =>
  appSettings.filter(({ name, needed }) => needed && !extra[name]).map(({ name }) => name)
