/** Connectors with one mistake in them, for the proof that the checks see it. */
import type { Feed, Told } from '../feed.ts'
import type { ProviderHttp, Query, RequestOptions } from '../http.ts'
import type { Provider } from '../provider.ts'
import { readTokenAnswer } from '../token-answer.ts'
import type { HookRequest, Notice } from '../webhook.ts'

/** The provider with other feeds. */
export const withFeed = (provider: Provider, name: string, change: (feed: Feed) => Partial<Feed>): Provider => {
  const feed = provider.feeds[name]
  if (!feed) throw new Error(`there is no feed ${name}`)
  return { ...provider, feeds: { ...provider.feeds, [name]: { ...feed, ...change(feed) } } }
}

/** The provider with other auth. */
export const withAuth = (provider: Provider, change: object): Provider => ({
  ...provider,
  auth: { ...provider.auth, ...change } as Provider['auth'],
})

/** The provider whose answers, or whose told records, are changed before they are read. */
export const misread = (provider: Provider, name: string, change: (record: unknown) => unknown): Provider =>
  withFeed(provider, name, ({ read }) => ({ read: (record, context) => read(change(record), context) }))

/** The provider with other things told. */
export const retell = (provider: Provider, name: string, change: (told: Told) => Told): Provider =>
  withFeed(provider, name, ({ read }) => ({
    *read(record, context) {
      for (const told of read(record, context)) yield change(told)
    },
  }))

/** The provider whose list is asked with another query, or answers another body. */
export const reask = (
  provider: Provider,
  name: string,
  change: { query?(query: Query): Query; body?(body: unknown): unknown },
): Provider =>
  withFeed(provider, name, ({ fetch }) => ({
    async *fetch(http, window, context) {
      const changed: ProviderHttp = {
        ...http,
        async get(path, query = {}, options) {
          const answer = await http.get(path, change.query?.(query) ?? query, options)
          return { ...answer, body: change.body?.(answer.body) ?? answer.body }
        },
      }
      yield* fetch?.(changed, window, context) ?? []
    },
  }))

/** Keeps the first refresh token, whatever comes back. */
export function forgetful(provider: Provider): Provider {
  const { auth } = provider
  if (auth.kind !== 'oauth2') throw new Error('it has no tokens')
  const read = auth.readToken ?? readTokenAnswer
  return withAuth(provider, {
    readToken(answer: unknown, before?: { accessToken: string; refreshToken?: string }) {
      const { refreshToken, ...token } = read(answer, before)
      return before || refreshToken === undefined ? token : { ...token, refreshToken }
    },
  })
}

/** Passes over notices of one kind. */
export function deafTo(provider: Provider, kind: Notice['kind']): Provider {
  const { webhook } = provider
  if (!webhook) throw new Error('it takes no posts')
  return { ...provider, webhook: { ...webhook, read: (post) => webhook.read(post).filter((one) => one.kind !== kind) } }
}

/** The provider whose every request of a feed is changed, or made without what it expects. */
export const rehttp = (
  provider: Provider,
  name: string,
  change: (
    path: string,
    query: Query | undefined,
    options: RequestOptions | undefined,
  ) => Parameters<ProviderHttp['get']>,
): Provider =>
  withFeed(provider, name, ({ fetch, fetchOne, requestHistory }) => {
    const changed = (http: ProviderHttp): ProviderHttp => ({
      ...http,
      get: (path, query, options) => http.get(...change(path, query, options)),
    })
    return {
      ...(fetch ? { fetch: (http, ...more) => fetch(changed(http), ...more) } : {}),
      ...(fetchOne ? { fetchOne: (http, ...more) => fetchOne(changed(http), ...more) } : {}),
      ...(requestHistory ? { requestHistory: (http, ...more) => requestHistory(changed(http), ...more) } : {}),
    }
  })

/** The provider whose every form of a feed is posted with other fields, or whose answers are changed. */
export const repost = (
  provider: Provider,
  name: string,
  { form: reform, body: rebody }: { form?(form: Query): Query; body?(body: unknown): unknown },
): Provider =>
  withFeed(provider, name, ({ fetch }) => ({
    async *fetch(http, ...more) {
      const post: ProviderHttp['post'] = async (path, { form = {} }, options) => {
        const answer = await http.post(path, { form: reform?.(form) ?? form }, options)
        return { ...answer, body: rebody?.(answer.body) ?? answer.body }
      }
      yield* fetch?.({ ...http, post }, ...more) ?? []
    },
  }))

/** Believes everything. */
export const credulous = (provider: Provider): Provider => takesAll(provider, 'proven')

/** Fetches for whoever posts. */
export const obliging = (provider: Provider): Provider => takesAll(provider, 'hint')

function takesAll(provider: Provider, kind: 'proven' | 'hint'): Provider {
  const { webhook } = provider
  if (!webhook) throw new Error('it takes no posts')
  return { ...provider, webhook: { ...webhook, verify: () => ({ kind }) } }
}

/** The post with another body, or with other headers: an undefined one is left out. */
export const altered = (
  post: HookRequest,
  { headers = {}, body }: { headers?: Readonly<Record<string, string | undefined>>; body?(text: string): string },
): HookRequest => ({
  ...post,
  headers: Object.fromEntries(
    Object.entries({ ...post.headers, ...headers }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  ),
  ...(body ? { body: new TextEncoder().encode(body(new TextDecoder().decode(post.body))) } : {}),
})
