/** What the environment may say of an operator's app at each provider: from the registry, so that a brand brings its settings with it. */
import type { Provider } from '@tributary/providers/kit'
import { optionalText, optionalUrl, type Setting, setting, webUrl } from './setting.ts'

/** `SUUNTO_SUBSCRIPTION_KEY`. */
export const appSettingName = ({ id }: Pick<Provider, 'id'>, part: string): string => `${id}_${part}`.toUpperCase()

/** Document 2 calls them so, as OAuth 1 did. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  GARMIN_CLIENT_ID: ['GARMIN_CONSUMER_KEY'],
  GARMIN_CLIENT_SECRET: ['GARMIN_CONSUMER_SECRET'],
}

type Line = [name: string, setting: Setting<string | undefined>]

export const providerSettings = (providers: readonly Provider[]): Record<string, Setting<string | undefined>> =>
  Object.fromEntries(providers.filter(({ arrives }) => arrives === 'cloud').flatMap(settingsOf))

function settingsOf(provider: Provider): Line[] {
  const { name, appSettings = [] } = provider
  const url = (part: string, does: string): Line => [
    appSettingName(provider, part),
    optionalUrl(webUrl, 'an http(s) URL', `${name}: ${does}`),
  ]
  return [
    textOf(provider, 'client_id', 'client id of your app'),
    textOf(provider, 'client_secret', 'client secret of your app', true),
    ...appSettings.map((more) => textOf(provider, more.name, saidOf(more), more.secret)),
    url('base_url', 'replaces the origin of its API (sandbox, proxy)'),
    url('auth_url', 'replaces the origin of its sign-in'),
  ]
}

const saidOf = ({ title, needed }: NonNullable<Provider['appSettings']>[number]): string =>
  needed ? `${title.en}; without it nobody can sign in` : title.en

function textOf(provider: Provider, part: string, does: string, isSecret = false): Line {
  const name = appSettingName(provider, part)
  const aliases = otherNames[name]
  const line = setting<string | undefined>({
    takes: 'text',
    parse: optionalText as Setting<string | undefined>['parse'],
    does: `${provider.name}: ${does}`,
    effect: 'now',
    ...(isSecret ? { secret: true as const } : {}),
    ...(aliases ? { aliases } : {}),
  })
  return [name, line]
}
