/** For tests of signing in: Wahoo's token endpoint and user, intervals.icu's athlete, on loopback. A code or key names the account that it is for. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestCloud {
  origin: string
  /** For a server's environment. */
  env: Record<string, string>
  /** What was asked, as `POST /oauth/token`, and the forms of token requests. */
  asked: string[]
  forms: URLSearchParams[]
  close(): Promise<void>
}

export async function startTestCloud(): Promise<TestCloud> {
  const asked: string[] = []
  const forms: URLSearchParams[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://cloud')
      asked.push(`${request.method} ${url.pathname}`)
      const form = new URLSearchParams(text)
      if (url.pathname.endsWith('/token')) forms.push(form)
      const [status, body] = answerTo(url, form, request.headers.authorization ?? '')
      response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    asked,
    forms,
    env: {
      WAHOO_CLIENT_ID: 'our-id-at-wahoo',
      WAHOO_CLIENT_SECRET: 'our-secret-at-wahoo',
      WAHOO_BASE_URL: origin,
      WAHOO_AUTH_URL: origin,
      INTERVALS_BASE_URL: origin,
      FITBIT_BASE_URL: origin,
      FITBIT_AUTH_URL: origin,
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answerTo(url: URL, form: URLSearchParams, authorization: string): [number, object | string] {
  if (url.pathname === '/oauth/token') return tokenFor(form.get('code') ?? '')
  if (url.pathname === '/token') return [401, { error: 'invalid_client' }] // of Google
  if (url.pathname === '/v1/user') {
    const id = /^Bearer a-(\d+)$/.exec(authorization)?.[1]
    return id ? [200, { id: Number(id), first: 'Ada', last: 'Byron', height: '1.7', weight: '60.0' }] : [401, {}]
  }
  if (url.pathname.startsWith('/api/v1/athlete/')) {
    const key = /^Basic (.+)$/.exec(authorization)?.[1]
    const id = /^API_KEY:key-(\d+)$/.exec(Buffer.from(key ?? '', 'base64').toString())?.[1]
    return id ? [200, { id: `i${id}`, name: 'Ada' }] : [401, {}]
  }
  if (url.pathname === '/v1/permissions') return [200, {}]
  return [404, {}]
}

function tokenFor(code: string): [number, object | string] {
  if (code === 'unknown-app') return [401, { error: 'invalid_client' }]
  if (code === 'down') return [503, '<html>later</html>']
  const id = /^account-(\d+)$/.exec(code)?.[1]
  if (!id) return [400, { error: 'invalid_grant' }]
  return [
    200,
    { access_token: `a-${id}`, refresh_token: `r-${id}`, expires_in: 7200, scope: 'user_read workouts_read' },
  ]
}
