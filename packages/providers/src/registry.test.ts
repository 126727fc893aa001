import { isMetric, sessionTypes } from '@tributary/protocol'
import { metricTitles } from '@tributary/protocol/metric-titles'
import { describe, expect, test } from 'vitest'
import { findProvider, providers } from './index.ts'
import { type Auth, addressOf, languages, type Provider, type Words } from './kit/index.ts'

const cases = providers.map((provider): [string, Provider] => [provider.id, provider])
const waysIn = ({ auth, otherAuth = [] }: Provider): Auth[] => [auth, ...otherAuth.map((other) => other.auth)]

/** Every text for people that a provider has. */
function* wordsOf(provider: Provider): Generator<Words> {
  const { access, appSettings = [], otherAuth = [], regions = [], webhook, feeds } = provider
  if (access) yield access
  for (const { title } of [...appSettings, ...regions, ...Object.values(feeds)]) yield title
  for (const { words } of otherAuth) yield words
  if (webhook?.setUp) yield webhook.setUp
  for (const auth of waysIn(provider)) {
    if (auth.kind === 'oauth2') for (const { words } of Object.values(auth.scopes)) yield words
    if (auth.kind === 'key') yield* [auth.help, ...auth.fields.map(({ title }) => title)]
  }
}

const addressesOf = (auth: Auth): string[] => {
  if (auth.kind === 'oauth2') return [auth.authorizeUrl, auth.tokenUrl, ...(auth.refreshUrl ? [auth.refreshUrl] : [])]
  return auth.kind === 'oauth1' ? [auth.requestTokenUrl, auth.authorizeUrl, auth.accessTokenUrl] : []
}

describe('the registry', () => {
  test('no two providers share an id, and each is found by its own', () => {
    expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length)
    for (const provider of providers) expect(findProvider(provider.id)).toBe(provider)
    expect(findProvider('apple_health')?.id).toBe('apple')
    expect(findProvider('samsung_health')?.id).toBe('samsung')
  })

  test('both APIs of Polar name one watch alike', () => {
    const named = (provider: string, record: unknown) =>
      Object.entries(findProvider(provider)?.feeds ?? {})
        .find(([feed]) => feed === 'sleep')?.[1]
        .source?.(record)
    const uuid = '0e030000-0084-0000-0000-00000b1c22ee'
    expect(named('polar', { device_id: '0B1C22EE' })).toMatchObject({ manufacturer: 'Polar', serial: '0B1C22EE' })
    expect(named('polar_dynamic', { sleepResult: { hypnogram: { deviceReference: { uuid } } } })).toEqual(
      named('polar', { device_id: '0B1C22EE' }),
    )
  })

  test.each(cases)('%s speaks every language', (_id, provider) => {
    for (const words of wordsOf(provider)) for (const language of languages) expect(words[language]).toMatch(/\S/)
    const brought = Object.values(provider.feeds).flatMap(({ brings }) => brings)
    expect(
      brought.filter((thing) => !(thing in metricTitles)),
      'what it brings has a title',
    ).toEqual([])
  })

  test.each(cases)('%s is asked over TLS only, at addresses without a query', (_id, provider) => {
    const { api, origins = [] } = provider
    for (const address of [...(api ? [api] : []), ...origins, ...waysIn(provider).flatMap(addressesOf)]) {
      expect(address).toMatch(/^https:\/\//)
      expect(new URL(address).search).toBe('')
    }
  })

  const signing = cases.filter(([, { webhook }]) => webhook?.publicKeys)
  test.each(signing)('the keys that %s signs notices with lie where it may be asked for them', (_id, provider) => {
    const url = provider.webhook?.publicKeys?.url ?? ''
    expect(addressOf(provider, url).href).toBe(url)
  })

  test.each(cases)(
    '%s has feeds that can be had, of scopes that can be granted, and says why it leaves something out',
    (_id, provider) => {
      const known = waysIn(provider).flatMap((auth) => (auth.kind === 'oauth2' ? Object.keys(auth.scopes) : []))
      for (const feed of Object.values(provider.feeds)) {
        expect(feed.fetch ?? feed.fetchOne ?? provider.webhook).toBeDefined()
        expect(feed.windowDays).toBeGreaterThan(0)
        expect(feed.lookBackDays).toBeGreaterThanOrEqual(0)
        for (const thing of feed.brings)
          expect(isMetric(thing) || (sessionTypes as readonly string[]).includes(thing)).toBe(true)
        if (feed.scopes?.length && known.length) expect(feed.scopes.some((scope) => known.includes(scope))).toBe(true)
        for (const reason of Object.values(feed.unused)) expect(reason).toMatch(/\S/)
      }
    },
  )

  test.each(cases.filter(([, { auth }]) => auth.kind !== 'none'))(
    '%s says whose account it is',
    (_id, { auth, account }) => {
      expect(account ?? (auth.kind === 'oauth2' ? auth.readToken : undefined)).toBeDefined()
    },
  )
})
