/** The registry as people and programs see it: what can be connected, what is asked for, what an operator still has to give. */
import { routes } from '@tributary/protocol'
import { providers } from '@tributary/providers'
import {
  type KeyAuth,
  type Language,
  moved,
  type OAuth2,
  type Provider,
  timeless,
  type Words,
} from '@tributary/providers/kit'
import { handle } from '../platform/http/handle.ts'
import type { Apps } from './apps.ts'
import { listConnections } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { keyAuthOf, otherWaysInto } from './ways-in.ts'

/** The demo's clouds show keys of their own. */
async function keyPageOf(provider: Provider, apps: Apps, { helpUrl }: KeyAuth): Promise<string | null> {
  if (helpUrl === undefined) return null
  const isDemo = (await apps.find(provider))?.origin === 'demo'
  return moved(new URL(helpUrl), isDemo ? apps.standInsOf(provider, { isDemo }).authUrl : undefined).href
}

async function view(provider: Provider, apps: Apps, language: Language, now: number) {
  const say = (words: Words | undefined) => words?.[language] ?? null
  const key = keyAuthOf(provider)
  const missing = await apps.missing(provider)
  const otherWays = otherWaysInto(provider, now)
  const hasApp = otherWays.length > 0 && (await apps.lacking(provider)).length === 0
  const scopes: OAuth2['scopes'] = provider.auth.kind === 'oauth2' ? provider.auth.scopes : {}
  return {
    provider: provider.id,
    name: provider.name,
    arrives: provider.arrives,
    auth_kind: provider.auth.kind,
    other_ways: otherWays.map(({ auth, words, endsOn }) => ({
      auth_kind: auth.kind,
      title: words[language],
      ends_on: endsOn ?? null,
      is_configured: auth.kind === 'key' || hasApp,
    })),
    is_configured: missing.length === 0,
    missing_settings: missing,
    access: say(provider.access),
    scopes: Object.entries(scopes).map(([scope, { words, optional }]) => ({
      scope,
      title: words[language],
      is_optional: optional === true,
    })),
    credentials: (key?.fields ?? []).map(({ name, title, secret, example }) => ({
      name,
      title: title[language],
      is_secret: secret === true,
      example: example ?? null,
    })),
    credentials_help: say(key?.help),
    credentials_url: key ? await keyPageOf(provider, apps, key) : null,
    regions: (provider.regions ?? []).map(({ id, title }) => ({ region: id, title: title[language] })),
    feeds: Object.entries(provider.feeds).map(
      ([feed, { title, brings, scopes: needs, lookBackDays, historyDays, windowDays }]) => ({
        feed,
        title: title[language],
        brings: [...brings],
        scopes: [...(needs ?? [])],
        look_back_days: lookBackDays,
        history_days: windowDays === timeless ? 0 : (historyDays ?? null),
      }),
    ),
    limits: provider.limits.map((limit) => ({ ...limit })),
    has_webhooks: provider.webhook !== undefined,
  }
}

export const listAvailableProviders = handle(routes.listAvailableProviders, async (call, { connect, clock }) => {
  const language = languageOf(call.query.language, call.request.headers['accept-language'])
  return Promise.all(providers.map((provider) => view(provider, connect.apps, language, clock.now())))
})

export const listIntegrations = handle(routes.listIntegrations, async (call, { connect }) => {
  const rows = await call.read((tx) => listConnections(tx, call.caller.userId))
  return Promise.all(
    providers.map(async (provider) => ({
      integration_type: provider.id,
      name: provider.name,
      auth_kind: provider.auth.kind,
      arrives: provider.arrives,
      is_configured: (await connect.apps.missing(provider)).length === 0,
      connections: rows.filter((row) => row.provider === provider.id).length,
      data_types: [...new Set(Object.values(provider.feeds).flatMap(({ brings }) => brings))],
    })),
  )
})
