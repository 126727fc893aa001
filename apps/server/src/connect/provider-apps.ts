/** The operator's apps: what is set, and from where; secrets go in and never come out. */
import { routes } from '@tributary/protocol'
import { providers } from '@tributary/providers'
import type { Language, Provider } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import { findHookSecret } from '../platform/hooks/hook-secrets.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { originOf, redirectUriOf } from './addresses.ts'
import {
  countConnections,
  deleteProviderApp as dropApp,
  findProviderApp,
  listProviderApps as listRows,
  type ProviderAppRow,
  putProviderApp as writeApp,
} from './apps.queries.ts'
import { appPlace } from './apps.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { tryApp } from './try-app.ts'
import { pageAuthOf } from './ways-in.ts'

/** Providers that an operator registers an app at, or whose webhooks they switch on. */
const withApps = providers.filter((provider) => pageAuthOf(provider) !== undefined || provider.appSettings?.length)

interface Around {
  language: Language
  origin: string
  connections: ReadonlyMap<string, number>
}

async function view(
  provider: Provider,
  { connect, db, sealing, hooks }: Parts,
  row: ProviderAppRow | undefined,
  { language, origin, connections }: Around,
) {
  const given = connect.apps.given(provider)
  const kept = row && connect.apps.keysOfRow(row)
  const found = await connect.apps.find(provider)
  const hook = provider.webhook && (await db.asWriter((tx) => findHookSecret(sealing, tx, provider.id)))
  return {
    provider: provider.id,
    name: provider.name,
    client_id: given.clientId ?? row?.client_id ?? null,
    has_secret: (given.clientSecret ?? kept?.clientSecret) !== undefined,
    extra: Object.fromEntries(
      (provider.appSettings ?? []).map(({ name, secret: isSecret }) => [
        name,
        isSecret ? null : (given.extra[name] ?? kept?.extra[name] ?? null),
      ]),
    ),
    settings: (provider.appSettings ?? []).map(({ name, title, secret, needed }) => ({
      name,
      title: title[language],
      is_secret: secret === true,
      is_needed: needed === true,
      has_value: Boolean(given.extra[name] ?? kept?.extra[name]),
      is_from_environment: given.extra[name] !== undefined,
    })),
    origin: given.clientId ? ('environment' as const) : (found?.origin ?? (row ? ('settings' as const) : null)),
    redirect_uri: redirectUriOf(origin, provider.id),
    webhook_url: hook ? `${origin}/hooks/${provider.id}/${hook.secret}` : null,
    webhook_help: provider.webhook?.setUp?.[language] ?? null,
    webhook_counts: provider.webhook ? hooks.counts.of(provider.id) : null,
    base_url: given.baseUrl ?? null,
    auth_url: given.authUrl ?? null,
    app_url: provider.appUrl ?? null,
    connections: connections.get(provider.id) ?? 0,
    updated_at: row?.updated_at.toISOString() ?? null,
  }
}

async function around(call: Pick<Call, 'request'> & { query?: unknown }, { config, db }: Parts): Promise<Around> {
  const asked = (call.query as { language?: string } | undefined)?.language
  return {
    language: languageOf(asked, call.request.headers['accept-language']),
    origin: originOf(call.request, config),
    connections: await db.asWriter(countConnections),
  }
}

async function viewOf(call: Pick<Call, 'request'> & { query?: unknown }, parts: Parts, provider: Provider) {
  const row = await parts.db.asWriter((tx) => findProviderApp(tx, provider.id))
  return view(provider, parts, row, await around(call, parts))
}

export const listProviderApps = handle(routes.listProviderApps, async (call, parts) => {
  const rows = new Map((await parts.db.asWriter(listRows)).map((row) => [row.provider, row]))
  const said = await around(call, parts)
  return Promise.all(withApps.map((provider) => view(provider, parts, rows.get(provider.id), said)))
})

export const getProviderApp = handle(routes.getProviderApp, async (call, parts) =>
  viewOf(call, parts, providerCalled(call.params.provider)),
)

export const putProviderApp = handle(routes.putProviderApp, async (call, parts) => {
  await call.repeatIfKept()
  const provider = providerCalled(call.params.provider)
  if (!withApps.includes(provider)) throw new Problem('sign_in_not_taken', `${provider.name} needs no app`)
  const { client_id, client_secret, extra = {} } = call.body
  const given = parts.connect.apps.given(provider)
  const isGiven = Object.keys(extra).some((name) => given.extra[name] !== undefined)
  if ((client_id && given.clientId) || (client_secret && given.clientSecret) || isGiven)
    throw new Problem('app_from_environment')
  const known = new Map((provider.appSettings ?? []).map((setting) => [setting.name, setting]))
  const unknown = Object.keys(extra).filter((name) => !known.has(name))
  if (unknown.length)
    throw new Problem('invalid_request', `/extra: ${provider.name} has no such setting`, {
      errors: unknown.map((name) => ({ pointer: `/extra/${name}`, detail: 'is no setting of this provider' })),
    })
  await parts.db.asWriter(async (tx) => {
    const before = await findProviderApp(tx, provider.id)
    const kept = before && parts.connect.apps.keysOfRow(before)
    const secret = client_secret ?? kept?.clientSecret
    const all = Object.entries({ ...kept?.extra, ...extra })
    const hidden = Object.fromEntries(all.filter(([name]) => known.get(name)?.secret))
    await writeApp(tx, {
      provider: provider.id,
      client_id: client_id ?? before?.client_id ?? null,
      sealed_secret:
        secret === undefined ? null : parts.sealing.sealOwn(appPlace(provider.id, 'sealed_secret'), secret),
      extra: Object.fromEntries(all.filter(([name]) => !known.get(name)?.secret)),
      sealed_extra: Object.keys(hidden).length
        ? parts.sealing.sealOwn(appPlace(provider.id, 'sealed_extra'), JSON.stringify(hidden))
        : null,
    })
  })
  parts.connect.apps.forget()
  const answer = await viewOf(call, parts, provider)
  return call.write(async () => answer, { target: provider.id })
})

export const deleteProviderApp = handle(routes.deleteProviderApp, async (call, parts) => {
  await call.repeatIfKept()
  const provider = providerCalled(call.params.provider)
  if (parts.connect.apps.given(provider).clientId) throw new Problem('app_from_environment')
  await parts.db.asWriter((tx) => dropApp(tx, provider.id))
  parts.connect.apps.forget()
  await call.write(async () => undefined, { target: provider.id })
  return undefined
})

export const testProviderApp = handle(routes.testProviderApp, async (call, parts) => {
  await call.repeatIfKept()
  const provider = providerCalled(call.params.provider)
  const tried = await tryApp(provider, parts, call)
  return call.write(async () => tried, { target: provider.id })
})
