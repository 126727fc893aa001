/** Every emulated brand on loopback with one person's last days, and what the hub's operator has to enter for it. */
import {
  accountAt,
  type Cloud,
  clouds,
  peopleOf,
  type RegisteredApp,
  type ServedCloud,
  serveCloud,
  settingsOf,
  signIn,
} from '@tributary/emulators/clouds'
import { must } from '../src/platform/must.ts'
import { cookiesOf, type SignedInPerson, type TestServer } from './kit.ts'

export type BrandName = keyof typeof clouds

export interface BrandClouds {
  /** Of the brands, and for the server: the time that it is, and what `pass` added. */
  clock: { now(): number }
  pass(ms: number): void
  /** For the server's environment: where each brand is. */
  env: Record<string, string>
  cloud(brand: BrandName): Cloud
  /** The brand's id of the person's account. */
  account(brand: BrandName): string
  /** Registers an app at the brand and enters it in the hub's settings. */
  enterApp(server: TestServer, operator: SignedInPerson, brand: BrandName): Promise<RegisteredApp>
  /** Signs a person of the hub in to the brand; answers the title of the page that they come back to. */
  signIn(server: TestServer, person: SignedInPerson, brand: BrandName): Promise<string | undefined>
  /** Every token, code, state, verifier and cookie that went over the line so far, and what it is. */
  secrets: Map<string, string>
  stop(): Promise<void>
}

const answered = /"(access_token|refresh_token|id_token|code)"\s*:\s*"([^"]+)"/g
const asked = ['code_verifier', 'refresh_token', 'client_secret']

export async function openBrandClouds({ until, days }: { until: number; days: number }): Promise<BrandClouds> {
  const [person] = peopleOf(7, { until, days, most: 1 })
  const secrets = new Map<string, string>()
  let passed = 0
  const clock = { now: () => Date.now() + passed }
  const open = new Map<BrandName, { served: ServedCloud; account: string }>()
  for (const [brand, make] of Object.entries(clouds) as [BrandName, (typeof clouds)[BrandName]][]) {
    const served = await serveCloud((origin) => {
      const cloud = make({ clock, seed: 7, origin, send: fetch })
      return {
        ...cloud,
        handle: (request) => overhear(cloud, request, (secret, what) => secrets.set(secret, `${brand} ${what}`)),
      }
    })
    open.set(brand, { served, account: served.cloud.addAccount(accountAt(must(person, 'there is somebody'), brand)) })
  }
  const at = (brand: BrandName) => must(open.get(brand), 'each brand has a cloud')
  return {
    clock,
    pass: (ms) => {
      passed += ms
    },
    env: Object.fromEntries(
      [...open].flatMap(([brand, { served }]) =>
        ['BASE_URL', 'AUTH_URL'].map((what) => [`${brand.toUpperCase()}_${what}`, served.origin]),
      ),
    ),
    cloud: (brand) => at(brand).served.cloud,
    account: (brand) => at(brand).account,
    async enterApp(server, { token }, brand) {
      const path = `/api/v1/provider-apps/${brand}`
      const asked = await server.call('GET', path, { token })
      const { webhook_url, extra: known } = asked.body as { webhook_url: string | null; extra: object }
      const app = at(brand).served.cloud.registerApp({
        redirectUris: [`${server.url}/api/v1/integrations/${brand}/callback`],
        ...(webhook_url ? { webhookUrl: webhook_url } : {}),
      })
      const taken = Object.fromEntries(Object.entries(settingsOf(app)).filter(([name]) => name in known))
      const body = { client_id: app.clientId, client_secret: app.clientSecret, extra: taken }
      const { status, body: said } = await server.call('PUT', path, { token, body })
      if (status !== 200) throw new Error(`${brand}: ${status} ${JSON.stringify(said)}`)
      const { extra: shown } = said as { extra: Record<string, string | null> }
      for (const [name, value] of Object.entries(taken))
        if (shown[name] === null) secrets.set(value, `${brand} ${name}`)
      secrets.set(app.clientSecret, `${brand} client_secret`)
      if (webhook_url) secrets.set(webhook_url.slice(webhook_url.lastIndexOf('/') + 1), `${brand} webhook`)
      return app
    },
    async signIn(server, { token }, brand) {
      const asked = await server.call('POST', `/api/v1/integrations/${brand}/auth`, { token, body: {} })
      if (asked.status !== 200) throw new Error(`${brand}: ${asked.status} ${JSON.stringify(asked.body)}`)
      const cookie = cookiesOf(asked.headers)
      const { authorization_url, state } = asked.body as { authorization_url: string; state: string }
      const back = await signIn(at(brand).served.cloud, authorization_url)
      const begun = { state, cookie: cookie.split('=')[1], code: back.searchParams.get('code') }
      for (const [what, secret] of Object.entries(begun)) if (secret) secrets.set(secret, `${brand} ${what}`)
      const page = await server.call('GET', `${back.pathname}${back.search}`, { headers: { cookie } })
      return /<h1>(.*?)<\/h1>/.exec(page.body as string)?.[1]
    },
    secrets,
    async stop() {
      for (const { served } of open.values()) await served.stop()
    },
  }
}

/** A refusal gives nothing away, and its `code` is a word. */
async function overhear(
  cloud: Pick<Cloud, 'handle'>,
  request: Request,
  heard: (secret: string, what: string) => void,
): Promise<Response> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  const form = new URLSearchParams(isForm ? await request.clone().text() : '')
  const answer = await cloud.handle(request)
  if (!answer.ok || !answer.headers.get('content-type')?.includes('json')) return answer
  for (const what of asked) for (const secret of form.getAll(what)) heard(secret, what)
  for (const [, what = '', secret = ''] of (await answer.clone().text()).matchAll(answered)) heard(secret, what)
  return answer
}
