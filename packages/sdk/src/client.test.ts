import { csrfHeader, routes } from '@tributary/protocol'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { type Client, createClient, ProblemError } from './index.ts'

const id = '0199a3c0-7b1e-7cc3-98c4-dc0c0c07398f'

interface Sent {
  url: string
  method: string
  headers: Headers
  body: unknown
  init: RequestInit
}

/** A fetch that keeps what it was asked and answers what it is told. */
function recorder(answer: () => Response = () => Response.json({})) {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    sent.push({
      url: String(input),
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      body: init.body,
      init,
    })
    init.signal?.throwIfAborted()
    return answer()
  }
  return { fetch, last: () => sent.at(-1) ?? expect.fail('nothing was sent'), sent }
}

function clientFor(answer?: () => Response, options: Parameters<typeof createClient>[0] = {}) {
  const recorded = recorder(answer)
  return {
    ...recorded,
    client: createClient({ baseUrl: 'https://hub.example', token: 'trb_1', fetch: recorded.fetch, ...options }),
  }
}

const problem =
  (status: number, body: object, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
    })

async function failureOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ProblemError)) throw error
  return error
}

describe('requests', () => {
  test('the client has a method for every route of the contract', () => {
    const { client } = clientFor()
    expect(Object.keys(client).sort()).toEqual([...Object.keys(routes), 'call'].sort())
  })

  test('a body goes out as JSON, with the token', async () => {
    const { client, last } = clientFor()
    await client.createDevice({ body: { device_type: 'watch', device_name: 'My watch', integration_type: 'api' } })
    expect(last()).toMatchObject({ url: 'https://hub.example/api/v1/devices', method: 'POST' })
    expect(last().headers.get('content-type')).toBe('application/json')
    expect(last().headers.get('authorization')).toBe('Bearer trb_1')
    expect(last().body).toBe('{"device_type":"watch","device_name":"My watch","integration_type":"api"}')
  })

  test('a phone’s batch goes to the door of its store, and is named so that it can be sent again', async () => {
    const { client, last } = clientFor(() => Response.json({ accepted: 1 }, { status: 202 }))
    const body = { batch_id: 'one', installation_id: 'this phone', records: [{ id: 'a', type: 'HeartRate' }] }
    expect(await client.pushIntegration({ params: { type: 'health_connect' }, body })).toEqual({ accepted: 1 })
    expect(last()).toMatchObject({
      method: 'POST',
      url: 'https://hub.example/api/v1/integrations/health_connect/push',
      body: JSON.stringify(body),
    })
  })

  test('parts of the path are escaped, whatever is in them', async () => {
    const { client, last } = clientFor()
    await client.getDevice({ params: { device_id: 'a/b?c#d' } })
    expect(last().url).toBe('https://hub.example/api/v1/devices/a%2Fb%3Fc%23d')
  })

  test.each(['', '.', '..'])(
    'a part of the path that is "%s" would reach another route and is refused',
    async (part) => {
      const { client, sent } = clientFor()
      await expect(client.getDevice({ params: { device_id: part } })).rejects.toThrow('takes a device_id')
      expect(sent).toEqual([])
    },
  )

  test('a query repeats what is a list and leaves out what is not given', async () => {
    const { client, last } = clientFor()
    await client.getData({
      params: { device_id: id },
      query: {
        data_type: ['heart_rate', 'spo2'],
        start_time: '2026-11-01T00:00:00+01:00',
        limit: 10,
        cursor: undefined,
      },
    })
    expect(last().url).toBe(
      `https://hub.example/api/v1/devices/${id}/data?data_type=heart_rate&data_type=spo2&start_time=2026-11-01T00%3A00%3A00%2B01%3A00&limit=10`,
    )
  })

  test('a slash at the end of the base address makes no difference, and without one the page itself is meant', async () => {
    const { client, last } = clientFor(undefined, { baseUrl: 'https://hub.example/' })
    await client.getHealth()
    expect(last().url).toBe('https://hub.example/health')
    const own = recorder()
    await createClient({ fetch: own.fetch }).getHealth()
    expect(own.last().url).toBe('/health')
  })

  test('a token that changes is asked for before every call', async () => {
    let n = 0
    const { client, sent } = clientFor(undefined, { token: async () => `token-${++n}` })
    await client.getMe()
    await client.getMe()
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('without a token a change carries the header that other sites cannot make a browser send', async () => {
    const { client, last } = clientFor(undefined, { token: () => undefined })
    await client.logout()
    expect(last().headers.get(csrfHeader)).toBe('1')
    expect(last().headers.has('authorization')).toBe(false)
    await client.getMe()
    expect(last().headers.has(csrfHeader)).toBe(false)
  })

  test('one call can carry its own headers, and they win', async () => {
    const { client, last } = clientFor(undefined, { headers: { 'x-app': 'one', 'x-trace': 'a' } })
    await client.syncDevice({ params: { device_id: id }, headers: { 'Idempotency-Key': 'k-1', 'X-Trace': 'b' } })
    expect(last().headers.get('idempotency-key')).toBe('k-1')
    expect(last().headers.get('x-app')).toBe('one')
    expect(last().headers.get('x-trace')).toBe('b')
  })

  test('a call that was given up is not made', async () => {
    const { client } = clientFor()
    await expect(client.getMe({ signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })
})

describe('raw bodies', () => {
  test('NDJSON goes out as it is, under its own type', async () => {
    const { client, last } = clientFor()
    await client.uploadData({ params: { device_id: id }, raw: '{}\n{}\n', contentType: 'application/x-ndjson' })
    expect(last().body).toBe('{}\n{}\n')
    expect(last().headers.get('content-type')).toBe('application/x-ndjson')
  })

  test('a form sets its own type, because only it knows its boundary', async () => {
    const { client, last } = clientFor(() => Response.json({ import_id: id }, { status: 202 }))
    const form = new FormData()
    form.append('file', new Blob(['x']), 'ride.fit')
    await expect(client.createImport({ raw: form })).resolves.toEqual({ import_id: id })
    expect(last().body).toBe(form)
    expect(last().headers.has('content-type')).toBe(false)
  })

  test('a stream is sent without being held in memory', async () => {
    const { client, last } = clientFor()
    const stream = new Blob(['x']).stream()
    await client.createImport({ raw: stream, contentType: 'application/octet-stream', query: { filename: 'ride.fit' } })
    expect(last().init).toMatchObject({ body: stream, duplex: 'half' })
    expect(last().url).toContain('?filename=ride.fit')
  })
})

describe('answers', () => {
  test('JSON is read', async () => {
    const { client } = clientFor(() => Response.json([{ device_id: id }]))
    await expect(client.listDevices()).resolves.toEqual([{ device_id: id }])
  })

  test('a 204 is nothing', async () => {
    const { client } = clientFor(() => new Response(null, { status: 204 }))
    await expect(client.deleteDevice({ params: { device_id: id } })).resolves.toBeUndefined()
  })

  test('CSV is text', async () => {
    const { client } = clientFor(
      () => new Response('timestamp,value\n', { headers: { 'content-type': 'text/csv; charset=utf-8' } }),
    )
    await expect(client.getData({ params: { device_id: id }, query: { format: 'csv' } })).resolves.toBe(
      'timestamp,value\n',
    )
  })

  test('a file is its bytes', async () => {
    const { client } = clientFor(
      () => new Response(new Uint8Array([14, 16]), { headers: { 'content-type': 'application/octet-stream' } }),
    )
    const file = await client.getFile({ params: { session_id: id } })
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array([14, 16]))
  })

  test('what comes beside an answer can be read: how many devices there are', async () => {
    const { client } = clientFor(() => Response.json([], { headers: { 'x-total-count': '42' } }))
    const { headers, status, answer } = await client.call('listDevices', { query: { limit: 1 } })
    expect([status, headers.get('x-total-count'), answer]).toEqual([200, '42', []])
  })
})

describe('problems', () => {
  test('an answer that is no success is thrown, with its code and what belongs to it', async () => {
    const body = {
      type: '/problems/device_exists',
      title: 'This device is registered already',
      status: 409,
      code: 'device_exists',
      detail: 'It is My watch',
      instance: 'r-1',
      device_id: id,
    }
    const { client } = clientFor(problem(409, body))
    const error = await failureOf(
      client.createDevice({ body: { device_type: 'watch', device_name: 'x', integration_type: 'api' } }),
    )
    expect(error).toMatchObject({
      name: 'ProblemError',
      code: 'device_exists',
      status: 409,
      message: 'It is My watch',
      fields: [],
      retryAfter: undefined,
    })
    expect(error.problem['device_id']).toBe(id)
  })

  test('it says which fields are wrong', async () => {
    const errors = [{ pointer: '/device_name', code: 'too_small', detail: 'is too short' }]
    const { client } = clientFor(problem(400, { code: 'invalid_request', errors }))
    expect((await failureOf(client.getMe())).fields).toEqual(errors)
  })

  test('it says how long to wait, in seconds or until a date', async () => {
    const inSeconds = clientFor(problem(429, { code: 'too_many_requests' }, { 'retry-after': '7' }))
    expect((await failureOf(inSeconds.client.getMe())).retryAfter).toBe(7)
    const now = () => Date.parse('2026-11-21T10:00:00Z')
    const untilDate = clientFor(problem(503, { code: 'busy' }, { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }), {
      now,
    })
    expect((await failureOf(untilDate.client.getMe())).retryAfter).toBe(30)
    const nonsense = clientFor(problem(503, { code: 'busy' }, { 'retry-after': 'soon' }))
    expect((await failureOf(nonsense.client.getMe())).retryAfter).toBeUndefined()
  })

  test.each([
    [
      'a page of a gateway',
      () => new Response('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } }),
    ],
    [
      'a problem that was cut off',
      () => new Response('{"code":', { status: 502, headers: { 'content-type': 'application/problem+json' } }),
    ],
    ['a problem of somebody else', problem(502, { code: 'made_up' })],
    ['nothing at all', () => new Response(null, { status: 502 })],
  ])('%s is an unknown answer with its status', async (_, answer) => {
    const { client } = clientFor(answer)
    expect(await failureOf(client.getMe())).toMatchObject({
      code: 'unknown_answer',
      status: 502,
      message: 'The server answered 502',
    })
  })

  test('a network that fails is no problem of the server and passes as it is', async () => {
    const fetch = async () => Promise.reject(new TypeError('fetch failed'))
    await expect(createClient({ fetch }).getMe()).rejects.toThrow(TypeError)
  })
})

test('calls and answers have the types of the contract', () => {
  expectTypeOf<Client['getDevice']>().parameter(0).toExtend<{ params: { device_id: string } }>()
  expectTypeOf<Client['createDevice']>().parameter(0).toHaveProperty('body')
  expectTypeOf<Awaited<ReturnType<Client['listDevices']>>[number]['device_name']>().toEqualTypeOf<string>()
  expectTypeOf<Awaited<ReturnType<Client['getFile']>>>().toEqualTypeOf<Blob>()
  expectTypeOf<Awaited<ReturnType<Client['deleteDevice']>>>().toEqualTypeOf<undefined>()

  const compiles = (client: Client) => {
    // Text when text is asked for, the contract's JSON otherwise.
    const params = { device_id: id }
    expectTypeOf(client.getData({ params, query: { format: 'csv' } })).resolves.toEqualTypeOf<string>()
    expectTypeOf(client.getData({ params, query: { format: 'json' } })).resolves.toHaveProperty('next_cursor')
    expectTypeOf(client.getData({ params })).resolves.toHaveProperty('data')
    client.listDevices()
    client.listDevices({ query: { limit: 5 } })
    // @ts-expect-error a limit is a number
    client.listDevices({ query: { limit: 'five' } })
    // @ts-expect-error there is no such filter
    client.listDevices({ query: { colour: 'red' } })
    // @ts-expect-error the path has a part to fill in
    client.getDevice()
    // @ts-expect-error a device has a name
    client.createDevice({ body: { device_type: 'watch', integration_type: 'api' } })
    // @ts-expect-error a timeline is of something, from then till then
    client.getTimeline({ query: { metric: 'steps' } })
    // @ts-expect-error either JSON or raw
    client.uploadData({ params, body: { data_type: 'steps', values: [{ value: 1 }] }, raw: '' })
    // @ts-expect-error only the types that the route takes
    client.uploadData({ params, raw: '', contentType: 'text/plain' })
    // @ts-expect-error this route takes no raw body
    client.login({ raw: '' })
  }
  expectTypeOf(compiles).toBeFunction()
})
