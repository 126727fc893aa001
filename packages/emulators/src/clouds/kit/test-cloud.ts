/** What every brand's test begins with: an app, a person, and the way from one to the other. */
import type { Cloud, CloudOptions, NewAccount, NewApp, RegisteredApp } from '../cloud.ts'
import { type Choice, signIn } from '../sign-in.ts'
import { VirtualClock } from './clock.ts'

export const callback = 'https://hub.example/callback'

/** A JSON answer, for tests that look into it as they please. */
// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about.
export type Loose = any

export interface Answer {
  status: number
  headers: Headers
  body: Loose
}

export interface TestCloudOptions extends Partial<CloudOptions> {
  now?: string
  app?: Partial<NewApp>
  account?: Partial<NewAccount>
}

export interface TestCloud {
  clock: VirtualClock
  cloud: Cloud
  app: RegisteredApp
  /** The brand's id of Mira Lind's account. */
  account: string
  /** A request by its path, with JSON, form or headers; its answer read as JSON where it is JSON. */
  ask(method: string, path: string, more?: AskOptions): Promise<Answer>
}

export interface AskOptions {
  token?: string
  basic?: boolean
  form?: Readonly<Record<string, string>>
  json?: unknown
  headers?: Readonly<Record<string, string>>
}

export const origin = 'https://cloud.example'

export function testCloud(make: (options: CloudOptions) => Cloud, options: TestCloudOptions = {}): TestCloud {
  const { now = '2026-11-10T12:04:00Z', app: newApp, account: newAccount, ...rest } = options
  const clock = new VirtualClock(now)
  const cloud = make({ clock, seed: 7, origin, ...rest })
  const app = cloud.registerApp({ redirectUris: [callback], ...newApp })
  const account = cloud.addAccount({
    name: 'Mira Lind',
    email: 'mira@example.org',
    timeZone: 'Europe/Stockholm',
    recordings: [],
    ...newAccount,
  })
  return {
    clock,
    cloud,
    app,
    account,
    async ask(method, path, { token, basic, form, json, headers } = {}) {
      const all = new Headers(headers)
      if (token !== undefined) all.set('authorization', `Bearer ${token}`)
      if (basic) all.set('authorization', `Basic ${btoa(`${app.clientId}:${app.clientSecret}`)}`)
      if (json !== undefined) all.set('content-type', 'application/json')
      const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json)
      const answer = await cloud.handle(new Request(origin + path, { method, headers: all, body }))
      const text = await answer.text()
      const isJson = answer.headers.get('content-type')?.startsWith('application/json')
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
    },
  }
}

/** Goes through the sign-in page and answers the redirect's parameters. */
export async function consent(
  { cloud, app }: TestCloud,
  authorizePath: string,
  parameters: Readonly<Record<string, string>>,
  choice: Choice = {},
): Promise<Record<string, string>> {
  const query = { client_id: app.clientId, redirect_uri: callback, response_type: 'code', state: 'state-1234' }
  const url = `${origin}${authorizePath}?${new URLSearchParams({ ...query, ...parameters })}`
  return Object.fromEntries((await signIn(cloud, url, choice)).searchParams)
}

/** A receiver of webhooks that keeps what it was sent and answers what it is told to. */
export function testReceiver(answer: (request: Request) => Response | Promise<Response> = () => new Response()) {
  const got: { method: string; url: string; headers: Headers; text: string }[] = []
  const send = async (request: Request) => {
    const { method, url, headers } = request
    got.push({ method, url, headers, text: await request.clone().text() })
    return answer(request)
  }
  return { got, send }
}
