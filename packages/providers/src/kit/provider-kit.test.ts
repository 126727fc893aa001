import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addressOf, moved } from './address.ts'
import { BadAnswer, ProviderError } from './errors.ts'
import { faultOf, retryAfter } from './fault-of.ts'
import { defineFeed } from './feed.ts'
import { fitOf } from './fit-file.ts'
import { jsonIn, jsonOf } from './hook-body.ts'
import { parseJson } from './parse-json.ts'
import { hmac, isSameSecret } from './proof.ts'
import { defineProvider } from './provider.ts'
import { createProviderHttp, type Sent } from './provider-http.ts'
import { isUnread, readRecord } from './read-records.ts'
import { dateOf, daysOf, given, offsetOf, seriesOf, totalsOf } from './tell.ts'
import { answers, judgeLeaves, recordsOf, testHttp } from './testing/index.ts'
import { readTokenAnswer } from './token-answer.ts'
import { momentOf, offsetIn } from './zone.ts'

const words = { en: 'Weighings', de: 'Wägungen', fr: 'Pesées' }

/** A brand that nobody has heard of, in one literal: that is all it takes. */
const scales = defineProvider({
  id: 'acme',
  name: 'Acme Scales',
  makers: ['acme'],
  arrives: 'cloud',
  auth: {
    kind: 'oauth2',
    authorizeUrl: 'https://acme.example/authorize',
    tokenUrl: 'https://acme.example/token',
    scopes: { weight: { words } },
    pkce: true,
    client: 'body',
    refreshToken: 'rotates',
  },
  api: 'https://api.acme.example/v1',
  limits: [],
  feeds: {
    weighings: defineFeed({
      title: words,
      brings: ['body_mass'],
      windowDays: 30,
      lookBackDays: 1,
      async *fetch(http, { from, to }) {
        let page: string | undefined = '/weighings'
        while (page) {
          const answer = await http.get(page, page.startsWith('/') ? { from, to } : undefined)
          const { items, next } = answer.body as { items: unknown[]; next?: string }
          yield items
          page = next
        }
      },
      raw: z.object({ at: z.number(), grams: z.number() }),
      *read({ at, grams }) {
        yield { kind: 'sample', metric: 'body_mass', t: at, value: grams, unit: 'g' }
      },
      unused: { mood: 'a word' },
    }),
  },
})
const context = { account: 'a', now: 0, timeZone: 'UTC' }

describe('a made-up provider, added in one literal', () => {
  test('is fetched page by page and read; a bad record is told with its reason and the good ones are kept', async () => {
    const http = testHttp(
      scales,
      answers({
        'GET /v1/weighings?from=0&to=10': {
          items: [
            { at: 1, grams: 72_000 },
            { at: 2, grams: 'heavy' },
          ],
          next: 'https://api.acme.example/v1/weighings?page=2',
        },
        'GET /v1/weighings?page=2': { items: [{ at: 3, grams: 71_500, mood: 'good' }] },
      }),
    )
    const { weighings } = scales.feeds
    const records = await recordsOf(weighings.fetch?.(http, { from: 0, to: 10 }, { ...context, scopes: [] }))
    const read = records.map((record) => readRecord(weighings, record, context))
    expect(read.map((one) => (isUnread(one) ? `${one.code} ${one.detail}` : one.told))).toEqual([
      [{ kind: 'sample', metric: 'body_mass', t: 1, value: 72_000, unit: 'g' }],
      expect.stringMatching(/^record_malformed grams: /),
      [{ kind: 'sample', metric: 'body_mass', t: 3, value: 71_500, unit: 'g' }],
    ])
    expect(read[1]).toMatchObject({ record: { at: 2, grams: 'heavy' } })
    expect(judgeLeaves(weighings, [records[2]], context)).toEqual({ unmapped: [], listedButMapped: [] })
    expect(judgeLeaves(weighings, [{ at: 1, grams: 1, forgotten: 7 }], context).unmapped).toEqual(['forgotten'])
  })

  test('a next page that lies at another origin is not asked for', async () => {
    const http = testHttp(scales, () => Response.json({ items: [], next: 'https://elsewhere.example/v1/weighings' }))
    const pages = scales.feeds.weighings.fetch?.(http, { from: 0, to: 1 }, { ...context, scopes: [] })
    await expect(recordsOf(pages)).rejects.toMatchObject({ fault: 'bad_data' })
    expect(http.requests).toHaveLength(1)
  })
})

describe('addresses', () => {
  const provider = {
    api: 'https://api.acme.example/v1',
    origins: ['https://files.acme.example', 'https://*.cdn.example'],
  }

  test('a path is added to the API, with its query', () => {
    const url = addressOf(provider, '/a', { x: 1, list: ['p', 'q'], none: undefined, yes: true })
    expect(url.href).toBe('https://api.acme.example/v1/a?x=1&list=p&list=q&yes=true')
  })

  test.each([
    'https://api.acme.example/other',
    'https://files.acme.example/a.fit?sig=1',
    'https://d1.cdn.example/a',
    'https://a.b.cdn.example/a',
  ])('%s is the provider’s own', (url) => {
    expect(addressOf(provider, url).href).toBe(url)
  })

  test.each([
    'https://evil.example/',
    'http://api.acme.example/v1',
    'https://api.acme.example:8443/v1',
    'https://api.acme.example.evil.example/',
    'https://user@evil.example/?https://api.acme.example',
    'https://evilcdn.example/',
    'https://cdn.example/',
    'http://d1.cdn.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not an address',
    '//evil.example/x',
  ])('%s never leads away from it', (url) => {
    if (url.startsWith('/')) expect(addressOf(provider, url).origin).toBe('https://api.acme.example')
    else expect(() => addressOf(provider, url)).toThrow(ProviderError)
  })

  test('what stands in for the brand takes its place, paths stay, and a path of its own goes before', () => {
    const standIn = { baseUrl: 'http://127.0.0.1:4810/acme/' }
    expect(addressOf(provider, '/a', { x: 1 }, standIn).href).toBe('http://127.0.0.1:4810/acme/v1/a?x=1')
    expect(addressOf(provider, 'https://files.acme.example/f', {}, standIn).href).toBe('http://127.0.0.1:4810/acme/f')
    expect(addressOf(provider, 'http://127.0.0.1:4810/acme/v1/next', {}, standIn).href).toBe(
      'http://127.0.0.1:4810/acme/v1/next',
    )
    expect(() => addressOf(provider, 'http://127.0.0.1:9999/', {}, standIn)).toThrow(ProviderError)
    expect(moved(new URL('https://acme.example/authorize?x=1'), undefined).href).toBe(
      'https://acme.example/authorize?x=1',
    )
    expect(moved(new URL('https://acme.example/authorize?x=1'), 'http://localhost:1').href).toBe(
      'http://localhost:1/authorize?x=1',
    )
  })
})

describe('faults', () => {
  const none = new Headers()
  test.each([
    [401, 'auth'],
    [403, 'scope'],
    [429, 'rate_limit'],
    [408, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [400, 'bad_data'],
    [404, 'bad_data'],
    [410, 'bad_data'],
  ])('%i is %s where a brand does not say otherwise', (status, fault) => {
    const error = faultOf({ name: 'Acme' }, status, undefined, none, 0)
    expect(error).toMatchObject({ fault, status, message: `Acme answered ${status}`, retryAfterMs: undefined })
  })

  test('a brand may say what an answer means, and leave others to the status', () => {
    const provider = {
      name: 'Acme',
      fault: (status: number, body: unknown) =>
        body === 'no scope' ? new ProviderError('scope', 'not granted', { status }) : undefined,
    }
    expect(faultOf(provider, 401, 'no scope', none, 0).fault).toBe('scope')
    expect(faultOf(provider, 401, 'old', none, 0).fault).toBe('auth')
  })

  test('how long to wait is said in seconds or as a date, and nonsense says nothing', () => {
    const now = Date.UTC(2026, 10, 28, 12)
    const after = (value: string) => retryAfter(new Headers({ 'retry-after': value }), now)
    expect(after('120')).toBe(120_000)
    expect(after('Sat, 28 Nov 2026 12:01:00 GMT')).toBe(60_000)
    expect(after('Sat, 28 Nov 2026 11:00:00 GMT')).toBe(0)
    expect([after('soon'), after(''), retryAfter(none, now)]).toEqual([undefined, undefined, undefined])
    expect(faultOf({ name: 'Acme' }, 429, undefined, new Headers({ 'retry-after': '3' }), now).retryAfterMs).toBe(3000)
  })
})

describe('asking', () => {
  test('answers are JSON, bytes or nothing; what is none of them is a fault without its content', async () => {
    const http = (answer: () => Response) => testHttp(scales, answer)
    expect((await http(() => Response.json({ a: 1 })).get('/x')).body).toEqual({ a: 1 })
    expect((await http(() => new Response(null, { status: 204 })).get('/x')).body).toBeUndefined()
    expect((await http(() => new Response('hi')).get('/x', undefined, { bytes: true })).body).toEqual(
      new TextEncoder().encode('hi'),
    )
    const page = () => new Response('<p>weight 72 kg</p>')
    await expect(http(page).get('/x')).rejects.toThrow('Acme Scales answered 200 with what is not JSON')
    await expect(http(() => new Response('<p>', { status: 502 })).get('/x')).rejects.toMatchObject({
      fault: 'unavailable',
    })
    expect((await http(() => Response.json({}, { status: 404 })).get('/x', {}, { expects: [404] })).status).toBe(404)
  })

  test('forms and JSON are written as such, and whoever carries a request is told where the token must not go', async () => {
    const sent: Sent[] = []
    const carry = async (request: Sent) => {
      sent.push(request)
      return { status: 200, headers: new Headers(), bytes: new Uint8Array() }
    }
    const http = createProviderHttp({ ...scales, origins: ['https://cdn.example'] }, carry, {}, () => 0)
    await http.post('/a', { form: { x: 1, list: ['p', 'q'], none: undefined } })
    await http.put('/a', { json: { x: 1 } }, { headers: { authorization: 'Basic k' } })
    await http.get('https://cdn.example/f', undefined, { withoutToken: true })
    await http.delete('/a')
    expect(sent.map(({ method, body, headers, withoutToken }) => ({ method, body, headers, withoutToken }))).toEqual([
      {
        method: 'POST',
        body: 'x=1&list=p&list=q',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        withoutToken: undefined,
      },
      {
        method: 'PUT',
        body: '{"x":1}',
        headers: { authorization: 'Basic k', 'content-type': 'application/json' },
        withoutToken: undefined,
      },
      { method: 'GET', body: undefined, headers: {}, withoutToken: true },
      { method: 'DELETE', body: undefined, headers: {}, withoutToken: undefined },
    ])
  })

  test('a FIT file is given or its absence explained; a provider that is down is still an error', async () => {
    const fit = Uint8Array.from([14, 32, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('.FIT'), 0])
    const ask = (answer: () => Response) => fitOf(testHttp(scales, answer), '/f')
    expect(await ask(() => new Response(fit))).toEqual({ fit })
    expect(await ask(() => new Response(null, { status: 410 }))).toEqual({
      fit_missing: 'the file’s address answered 410',
    })
    expect(await ask(() => Response.json({ error: 'x' }))).toEqual({ fit_missing: 'what came is no FIT file' })
    await expect(ask(() => new Response(null, { status: 503 }))).rejects.toMatchObject({ fault: 'unavailable' })
  })

  test('a signed address that refuses has run out; at the brand’s own API it is the token or a scope, and the file is asked for again', async () => {
    const ask = (status: number, options = {}) =>
      fitOf(
        testHttp(scales, () => new Response(null, { status })),
        '/f',
        options,
      )
    for (const status of [401, 403, 404, 410])
      expect(await ask(status, { withoutToken: true })).toEqual({
        fit_missing: `the file’s address answered ${status}`,
      })
    await expect(ask(401)).rejects.toMatchObject({ fault: 'auth' })
    await expect(ask(403)).rejects.toMatchObject({ fault: 'scope' })
    expect(await ask(404)).toEqual({ fit_missing: 'the file’s address answered 404' })
  })
})

describe('small things that many need', () => {
  test('an integer that no number can hold keeps its digits, wherever it stands; a text is left alone', () => {
    const text =
      '{"a":459812207731114021,"b":[-9007199254740993 ,1],"c":12,"d":0.12345678901234567,"e":", 12345678901234567,","f":9007199254740991}'
    expect(parseJson(text)).toEqual({
      a: '459812207731114021',
      b: ['-9007199254740993', 1],
      c: 12,
      d: Number('0.12345678901234567'),
      e: ', 12345678901234567,',
      f: 9_007_199_254_740_991,
    })
    expect(() => parseJson('{')).toThrow(SyntaxError)
  })

  test('secrets are the same or not, and none is the same as nothing', () => {
    expect(isSameSecret('a', 'a')).toBe(true)
    for (const [given, right] of [
      ['a', 'b'],
      ['a', 'ab'],
      [undefined, 'a'],
      ['', ''],
      ['', undefined],
      ['a', undefined],
    ] as const)
      expect(isSameSecret(given, right)).toBe(false)
    // RFC 4231, test case 2.
    expect(hmac('sha256', 'Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  test('a token answer has a token in it, or is none', () => {
    expect(readTokenAnswer({ access_token: 'a', expires_in: '60', refresh_token: '' })).toEqual({
      accessToken: 'a',
      expiresIn: 60,
    })
    for (const bad of [undefined, null, 'x', [], {}, { access_token: 7 }])
      expect(() => readTokenAnswer(bad)).toThrow(BadAnswer)
  })

  test('a notice’s body is JSON, or told to be none', () => {
    const body = (text: string) => ({ body: new TextEncoder().encode(text) })
    expect(jsonOf(body('{"a":1}'), 'Acme')).toEqual({ a: 1 })
    expect(jsonIn(body('<'))).toBeUndefined()
    expect(() => jsonOf(body('<'), 'Acme')).toThrow('a notice of Acme is not JSON')
  })

  test('what a record lacks is not told', () => {
    expect(given({ a: 1, b: undefined, c: null, d: 0, e: false })).toEqual({ a: 1, d: 0, e: false })
    expect(totalsOf({ distance: 0, steps: null, duration: undefined })).toEqual({ distance: 0 })
    expect([
      ...daysOf('2026-11-12', [
        ['steps', 0],
        ['distance', null],
        ['body_mass', 72_000, 'g'],
      ]),
    ]).toEqual([
      { kind: 'day', metric: 'steps', date: '2026-11-12', value: 0 },
      { kind: 'day', metric: 'body_mass', date: '2026-11-12', value: 72_000, unit: 'g' },
    ])
    expect([...seriesOf('heart_rate', [])]).toEqual([])
    expect([...seriesOf('heart_rate', [[1, 60]], { offset: 60, quality: 'unknown' })]).toEqual([
      {
        kind: 'series',
        metric: 'heart_rate',
        t: Float64Array.of(1),
        v: Float64Array.of(60),
        offset: 60,
        qualities: Uint32Array.of(4),
      },
    ])
  })

  test('offsets are read from texts and zones, and a wall time is one moment even when the clocks change', () => {
    expect(
      ['2026-11-12T06:44:00+02:00', '2026-11-12T06:44:00-0530', '2026-11-12T06:44:00Z', '2026-11-12T06:44:00'].map(
        offsetOf,
      ),
    ).toEqual([120, -330, 0, undefined])
    expect(dateOf(Date.UTC(2026, 10, 12, 23, 30), 60)).toBe('2026-11-13')
    expect(offsetIn('Europe/Madrid', Date.UTC(2026, 6, 1))).toBe(120)
    expect(offsetIn('Asia/Kolkata', Date.UTC(2026, 6, 1))).toBe(330)
    expect(offsetIn('Mars/Olympus', 0)).toBeUndefined()
    const madrid = (wall: string) => new Date(momentOf(Date.parse(`${wall}Z`), 'Europe/Madrid')).toISOString()
    expect(madrid('2026-11-12T00:00:00')).toBe('2026-11-11T23:00:00.000Z')
    expect(madrid('2026-03-29T01:59:00')).toBe('2026-03-29T00:59:00.000Z')
    expect(madrid('2026-03-29T03:00:00')).toBe('2026-03-29T01:00:00.000Z')
    expect(madrid('2026-10-25T02:30:00')).toBe('2026-10-25T00:30:00.000Z') // shown twice: the first
    expect(madrid('2026-10-25T03:00:00')).toBe('2026-10-25T02:00:00.000Z')
    expect(momentOf(Date.UTC(2026, 2, 8, 3), 'America/New_York')).toBe(Date.UTC(2026, 2, 8, 7))
  })
})

test('a wait that nobody can mean is a day at most, and never negative', () => {
  const waits = (value: string) =>
    faultOf({ name: 'Acme' }, 429, undefined, new Headers({ 'retry-after': value }), 0).retryAfterMs
  expect(waits('Fri, 31 Dec 9999 23:59:59 GMT')).toBe(86_400_000)
  expect(waits('99999999999999999999')).toBe(86_400_000)
  expect(new ProviderError('rate_limit', 'no', { retryAfterMs: -5 }).retryAfterMs).toBe(0)
  expect(new ProviderError('rate_limit', 'no', { retryAfterMs: Number.NaN }).retryAfterMs).toBeUndefined()
})
