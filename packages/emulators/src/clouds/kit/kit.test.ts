/** The parts that all clouds share, tried on a brand that does not exist. */
import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CloudOptions, Recording } from '../cloud.ts'
import { serveCloud } from '../serve.ts'
import { type Choice, signIn } from '../sign-in.ts'
import { json, nothing } from './answers.ts'
import { VirtualClock } from './clock.ts'
import { makeCloud } from './make-cloud.ts'
import type { OAuthStyle } from './oauth-style.ts'
import { markOf, pageOf, readMark } from './paging.ts'
import { person } from './router.ts'
import type { Brand } from './site.ts'
import { isoDuration, isoLocal } from './times.ts'

const callback = 'https://hub.example/callback'

const oauth: OAuthStyle = {
  authorizePaths: ['/authorize'],
  tokenPaths: ['/token'],
  scopes: { heart: 'Your heart rate', runs: 'Your <runs>' },
  separator: ' ',
  choice: 'ticks',
  tellsScopes: true,
  pkce: 'optional',
  redirect: 'exact',
  codeSeconds: 600,
  codeAgain: 'ends',
  client: ['body', 'basic'],
  body: 'form',
  accessSeconds: 3600,
  oldAccess: 'lives',
  refresh: 'rotates',
  refreshing: 'strict',
  refreshAgain: 'ends',
  answer: ({ accessToken, refreshToken, expiresIn }) => ({
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresIn,
  }),
}

const brand: Brand = {
  id: 'nobody',
  name: 'Nobody',
  oauth,
  limits: {
    windows: [
      { requests: 3, seconds: 900, starts: 'clock', per: 'app' },
      { requests: 5, seconds: 86_400, starts: 'first', per: 'app' },
    ],
    refusedCounts: true,
    headers: (windows) => ({
      'x-used': windows.map(({ used }) => used).join(),
      'x-resets': String(windows[0]?.resets),
    }),
    tooMany: () => nothing(429),
  },
  accountId: (ids, { email }) => ids.uuid(email),
  records: (ids) =>
    function* ({ measured }) {
      for (const { reading, key } of measured.sessions('workout'))
        yield { feed: 'runs', id: ids.hex(8, key), at: reading.start, body: { metres: reading.totals['distance'] } }
    },
  routes: () => [
    person('GET', '/runs', ['runs'], ({ account }) =>
      json(account.feed('runs').map(({ id, body }) => ({ id, ...body }))),
    ),
    person('GET', '/runs/:id', ['runs'], ({ account, params }) => {
      const run = account.find('runs', params['id'] ?? '')
      return run ? json(run.body) : nothing(404)
    }),
  ],
  refuse: (why) => json({ why }, why === 'missing_scope' ? 403 : why === 'no_route' ? 404 : 401),
  async tell({ apps, courier, now }, account, changes) {
    for (const { webhookUrl, clientSecret } of apps.values())
      for (const { kind, record } of changes) {
        const body = JSON.stringify({ kind, id: record.id, account: account.id })
        const make = () => {
          const signed = createHmac('sha256', clientSecret).update(`${now()}.${body}`).digest('hex')
          return { method: 'POST', body, headers: { 'x-signature': signed, 'x-time': String(now()) } }
        }
        if (webhookUrl) await courier.deliver(webhookUrl, make, { patience: 50, retries: [60_000, 300_000] })
      }
  },
}

const run = (metres: number, start = Date.parse('2026-11-01T08:00Z')): Recording => ({
  key: 'run',
  device: { name: 'Watch', manufacturer: 'Nobody', model: 'W', serial: '1' },
  readings: [
    {
      kind: 'session',
      type: 'workout',
      start,
      end: start + 1e6,
      externalId: 'x',
      totals: { distance: metres },
      parts: [],
    },
  ],
})

function begin(style: Partial<OAuthStyle> = {}, options: Partial<CloudOptions> = {}) {
  const clock = new VirtualClock('2026-11-01T12:04:00Z')
  const make = makeCloud({ ...brand, oauth: { ...oauth, ...style } })
  const cloud = make({ clock, seed: 1, origin: 'https://nobody.example', ...options })
  const app = cloud.registerApp({ redirectUris: [callback], webhookUrl: 'https://hub.example/hook' })
  const account = cloud.addAccount({ name: 'Mira', email: 'm@x', timeZone: 'Europe/Berlin', recordings: [run(5_000)] })
  const url = (more: Record<string, string> = {}) => {
    const query = {
      client_id: app.clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'heart runs',
      state: 's1',
    }
    return `https://nobody.example/authorize?${new URLSearchParams({ ...query, ...more })}`
  }
  const token = async (fields: Record<string, string>) => {
    const client = { client_id: app.clientId, client_secret: app.clientSecret }
    const body = new URLSearchParams({ ...client, ...fields })
    const answer = await cloud.handle(new Request('https://nobody.example/token', { method: 'POST', body }))
    const said = (await answer.json()) as { access_token: string; refresh_token: string; [name: string]: unknown }
    return { status: answer.status, ...said }
  }
  const codeFor = async (more: Record<string, string> = {}, choice: Choice = {}) =>
    (await signIn(cloud, url(more), choice)).searchParams.get('code') ?? ''
  const withCode = (code: string, more: Record<string, string> = {}) =>
    token({ grant_type: 'authorization_code', code, redirect_uri: callback, ...more })
  const refresh = (refresh_token = '') => token({ grant_type: 'refresh_token', refresh_token })
  const get = (path: string, access = '') =>
    cloud.handle(new Request(`https://nobody.example${path}`, { headers: { authorization: `Bearer ${access}` } }))
  return { clock, cloud, app, account, url, token, codeFor, withCode, refresh, get }
}

describe('signing in', () => {
  it('shows a page with each account, each scope and both buttons by their labels, and nothing of it is markup from outside', async () => {
    const { cloud, url } = begin()
    const page = await (await cloud.handle(new Request(url()))).text()
    expect(page).toMatch(/<label><input type="radio" name="account"[^>]*> Mira /)
    expect(page).toMatch(/<label><input type="checkbox" name="scope" value="runs" checked> Your &lt;runs&gt;<\/label>/)
    expect(page).toContain('value="allow">Allow</button>')
    expect(page).toContain('>Cancel</button>')
  })

  it('sends the person back with code, state and what they left ticked', async () => {
    const { cloud, url } = begin()
    const back = await signIn(cloud, url(), { without: ['heart'] })
    expect(back.origin + back.pathname).toBe(callback)
    expect(Object.fromEntries(back.searchParams)).toEqual({ code: expect.any(String), state: 's1', scope: 'runs' })
  })

  it('sends the person back with access_denied when they cancel', async () => {
    const { cloud, url } = begin()
    const back = await signIn(cloud, url(), { button: 'cancel' })
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: 'access_denied', state: 's1' })
  })

  it('sends nobody to an address that is not registered, and tells other faults to the app', async () => {
    const { cloud, url } = begin()
    await expect(signIn(cloud, url({ redirect_uri: `${callback}/` }))).rejects.toThrow('redirect_uri')
    await expect(signIn(cloud, url({ client_id: '1' }))).rejects.toThrow('client_id')
    const errorOf = async (more: Record<string, string>) => (await signIn(cloud, url(more))).searchParams.get('error')
    expect(await errorOf({ scope: 'moon' })).toBe('invalid_scope')
    expect(await errorOf({ response_type: 'token' })).toBe('unsupported_response_type')
  })

  it('lets no more accounts in than the brand allows an unproven app, but the same one again', async () => {
    const { cloud, codeFor, withCode } = begin({ accountsPerApp: 1 })
    await withCode(await codeFor())
    cloud.addAccount({ name: 'Jo', email: 'j@x', timeZone: 'UTC', recordings: [] })
    await expect(codeFor({}, { account: 'Jo' })).rejects.toThrow('limit of 1')
    expect(await codeFor({}, { account: 'Mira' })).not.toBe('')
  })
})

describe('tokens', () => {
  it('a code is worth tokens once; used again it ends them', async () => {
    const { codeFor, withCode, get } = begin()
    const code = await codeFor()
    const { access_token } = await withCode(code)
    expect((await get('/runs', access_token)).status).toBe(200)
    expect(await withCode(code)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect((await get('/runs', access_token)).status).toBe(401)
  })

  it('a code is worth nothing after ten minutes, with another redirect URI or with a wrong secret', async () => {
    const { clock, codeFor, withCode } = begin()
    const code = await codeFor()
    expect(await withCode(code, { redirect_uri: 'https://hub.example' })).toMatchObject({ error: 'invalid_grant' })
    expect(await withCode(code, { client_secret: 'x' })).toMatchObject({ status: 401, error: 'invalid_client' })
    clock.advance(600_000)
    expect(await withCode(code)).toMatchObject({ error: 'invalid_grant' })
  })

  it('a code that was asked for with a challenge needs its verifier', async () => {
    const { codeFor, withCode } = begin()
    const code_challenge = createHash('sha256').update('verifier').digest('base64url')
    const code = await codeFor({ code_challenge, code_challenge_method: 'S256' })
    expect(await withCode(code)).toMatchObject({ error: 'invalid_grant' })
    expect(await withCode(code, { code_verifier: 'other' })).toMatchObject({ error: 'invalid_grant' })
    expect(await withCode(code, { code_verifier: 'verifier' })).toMatchObject({ status: 200, expires_in: 3600 })
  })

  it('a strict brand takes a refresh token once and ends everything when an old one comes back', async () => {
    const { codeFor, withCode, refresh, get } = begin()
    const first = await withCode(await codeFor())
    const second = await refresh(first.refresh_token)
    expect((await get('/runs', second.access_token)).status).toBe(200)
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect((await get('/runs', second.access_token)).status).toBe(401)
    expect(await refresh(second.refresh_token)).toMatchObject({ error: 'invalid_grant' })
  })

  it('a lenient brand honours the old refresh token until the new access token or the new refresh token is used', async () => {
    const { codeFor, withCode, refresh, get } = begin({ refreshAgain: 'refused' }, { refreshing: 'lenient' })
    const first = await withCode(await codeFor())
    await refresh(first.refresh_token)
    const second = await refresh(first.refresh_token)
    expect(second.status).toBe(200)
    expect((await get('/runs', second.access_token)).status).toBe(200)
    expect(await refresh(first.refresh_token)).toMatchObject({ error: 'invalid_grant' })
    const third = await refresh(second.refresh_token)
    await refresh(third.refresh_token)
    expect(await refresh(second.refresh_token)).toMatchObject({ error: 'invalid_grant' })
  })

  it('an access token ends with its time, a revocation ends it at once and refreshing with it', async () => {
    const { clock, cloud, app, account, codeFor, withCode, refresh, get } = begin()
    const first = await withCode(await codeFor())
    clock.advance(3_600_000)
    expect(await (await get('/runs', first.access_token)).json()).toEqual({ why: 'expired_token' })
    const second = await refresh(first.refresh_token)
    await cloud.revoke(account, app.clientId)
    expect(await (await get('/runs', second.access_token)).json()).toEqual({ why: 'unknown_token' })
    expect(await refresh(second.refresh_token)).toMatchObject({ error: 'invalid_grant' })
  })

  it('no scope, no data; no path, no answer', async () => {
    const { codeFor, withCode, get } = begin()
    const { access_token } = await withCode(await codeFor({}, { without: ['runs'] }))
    expect((await get('/runs', access_token)).status).toBe(403)
    expect((await get('/walks', access_token)).status).toBe(404)
  })
})

describe('limits', () => {
  it('count in windows by the clock and by the first request, and refused requests still count in the longer one', async () => {
    const { clock, codeFor, withCode, get } = begin()
    const { access_token } = await withCode(await codeFor())
    const ask = async () => {
      const answer = await get('/runs', access_token)
      return [answer.status, answer.headers.get('x-used')]
    }
    expect([await ask(), await ask(), await ask()]).toEqual([
      [200, '1,1'],
      [200, '2,2'],
      [200, '3,3'],
    ])
    expect(await ask()).toEqual([429, '3,4'])
    expect((await get('/runs', access_token)).headers.get('x-resets')).toBe('660')
    clock.advance(11 * 60_000)
    expect(await ask()).toEqual([429, '1,5']) // the day is full
    clock.advance(86_400_000)
    expect((await ask())[0]).toBe(401) // and the token has expired, which costs nothing
  })
})

describe('faults', () => {
  it('come as often as planned, each in its way', async () => {
    const { cloud, codeFor, withCode, get } = begin()
    const { access_token } = await withCode(await codeFor())
    cloud.failNext('/runs', { kind: 'status', status: 503, headers: { 'retry-after': '7' } }, 2)
    cloud.failNext('/runs', { kind: 'html' })
    cloud.failNext('/runs', { kind: 'cut' })
    expect((await get('/runs', access_token)).headers.get('retry-after')).toBe('7')
    expect((await get('/runs', access_token)).status).toBe(503)
    const page = await get('/runs', access_token)
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    await expect((await get('/runs', access_token)).text()).rejects.toThrow('lost')
    expect((await get('/runs', access_token)).status).toBe(200)
    cloud.failNext('/runs', { kind: 'silent' })
    const signal = AbortSignal.timeout(20)
    await expect(cloud.handle(new Request('https://nobody.example/runs', { signal }))).rejects.toThrow('given up')
  })

  it('and all requests are in the log, without secrets', async () => {
    const { cloud, codeFor, withCode, get } = begin()
    const { access_token } = await withCode(await codeFor())
    await get('/runs?page=2&access_token=x', access_token)
    expect(cloud.log.at(-1)).toEqual({ method: 'GET', path: '/runs', query: 'page=2', status: 200 })
    expect(cloud.log.at(-2)?.query).toMatch(
      /^grant_type=authorization_code&redirect_uri=[^&]*&client_id=\d+$|^client_id=/,
    )
    expect(JSON.stringify(cloud.log)).not.toContain(access_token)
  })
})

describe('records and webhooks', () => {
  it('a correction keeps the id, a deleted record does not come back, and each is told with a signature', async () => {
    const told: unknown[] = []
    const signatures: boolean[] = []
    const { cloud, account, app } = begin(
      {},
      {
        async send(request) {
          const body = await request.text()
          const time = request.headers.get('x-time')
          const right = createHmac('sha256', app.clientSecret).update(`${time}.${body}`).digest('hex')
          signatures.push(request.headers.get('x-signature') === right)
          told.push(JSON.parse(body).kind)
          return nothing()
        },
      },
    )
    await cloud.record(account, run(5_000))
    expect(told).toEqual([]) // the same again is no news
    await cloud.record(account, run(5_100, Date.parse('2026-11-01T08:01Z')))
    const ids = new Set<string>()
    await cloud.record(account, { ...run(9_000), key: 'other' })
    expect(told).toEqual(['update', 'create'])
    expect(signatures).toEqual([true, true])
    const { codeFor, withCode, get } = begin()
    const { access_token } = await withCode(await codeFor())
    for (const { id } of (await (await get('/runs', access_token)).json()) as { id: string }[]) ids.add(id)
    await cloud.deleteRecord(account, [...ids][0] ?? '')
    await cloud.record(account, run(5_200))
    expect(told).toEqual(['update', 'create', 'delete'])
    await expect(cloud.deleteRecord(account, 'none')).rejects.toThrow('no record')
  })

  it('what nobody took in time is tried again by the clock, and given up in the end', async () => {
    const answers = [500, 'throws', 'hangs', 200] as const
    let n = 0
    const { cloud, account, clock } = begin(
      {},
      {
        send() {
          const answer = answers[n++]
          if (answer === 'throws') return Promise.reject(new Error('refused'))
          return answer === 'hangs' ? new Promise(() => undefined) : Promise.resolve(nothing(answer))
        },
      },
    )
    await cloud.record(account, { ...run(9_000), key: 'other' })
    expect(n).toBe(1)
    clock.advance(59_000)
    await cloud.catchUp()
    expect(n).toBe(1)
    clock.advance(1_000)
    await cloud.catchUp()
    clock.advance(240_000)
    await cloud.catchUp()
    expect(n).toBe(3)
    clock.advance(86_400_000)
    await cloud.catchUp()
    expect(n).toBe(3)
  })
})

describe('served', () => {
  it('answers over HTTP at its own address; a cut answer breaks, a stopped cloud is gone', async () => {
    const clock = new VirtualClock('2026-11-01T12:00Z')
    const { origin, cloud, stop } = await serveCloud((origin) => makeCloud(brand)({ clock, seed: 1, origin }))
    const app = cloud.registerApp({ redirectUris: [callback] })
    cloud.addAccount({ name: 'Mira', email: 'm@x', timeZone: 'UTC', recordings: [] })
    const url = `${origin}/authorize?${new URLSearchParams({ client_id: app.clientId, redirect_uri: callback, response_type: 'code', scope: 'runs' })}`
    const overHttp = { handle: (request: Request) => fetch(request, { redirect: 'manual' }) }
    expect((await signIn(overHttp, url)).searchParams.get('code')).toBeTruthy()
    cloud.failNext('/authorize', { kind: 'cut' })
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow()
    cloud.failNext('/authorize', { kind: 'silent' })
    await expect(fetch(url, { signal: AbortSignal.timeout(30) })).rejects.toThrow()
    await stop()
    await expect(fetch(url)).rejects.toThrow()
  })
})

describe('small things', () => {
  it('pages go on where a mark says, and a foreign mark is none', () => {
    expect(pageOf([1, 2, 3], 0, 2)).toEqual({ page: [1, 2], next: 2 })
    expect(pageOf([1, 2, 3], 2, 2)).toEqual({ page: [3], next: undefined })
    expect(readMark(markOf(25))).toBe(25)
    expect(readMark('moon')).toBeNull()
  })

  it('times are written as brands write them', () => {
    expect(isoLocal(Date.parse('2026-10-13T21:11:30Z'), 120)).toBe('2026-10-13T23:11:30+02:00')
    expect(isoLocal(Date.parse('2026-10-13T21:11:30Z'), -210)).toBe('2026-10-13T17:41:30-03:30')
    expect(isoDuration(2_892_500)).toBe('PT48M12.5S')
    expect(isoDuration(0)).toBe('PT0S')
  })
})
