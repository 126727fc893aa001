import { createHmac } from 'node:crypto'
import type { SessionReading } from '@tributary/protocol'
import { describe, expect, it } from 'vitest'
import { consent, type TestCloud, type TestCloudOptions, testCloud, testReceiver } from '../kit/test-cloud.ts'
import { at, run } from '../kit/test-recordings.ts'
import type { Choice } from '../sign-in.ts'
import { strava, stravaUnsigned } from './index.ts'

const scope = 'read,activity:read_all,profile:read_all'
const hour = 3_600_000

const begin = (options: TestCloudOptions = {}) => testCloud(strava, { account: { recordings: [run()] }, ...options })

const tokenOf = (test: TestCloud, form: Record<string, string>) =>
  test.ask('POST', '/oauth/token', {
    form: { client_id: test.app.clientId, client_secret: test.app.clientSecret, ...form },
  })

async function connect(test: TestCloud, choice: Choice = {}, scopes = scope) {
  const { code = '' } = await consent(test, '/oauth/authorize', { scope: scopes, approval_prompt: 'auto' }, choice)
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token })

/** A handshake that is answered as it should be, then 200 to every event. */
const receiver = () =>
  testReceiver((request) => {
    const challenge = new URL(request.url).searchParams.get('hub.challenge')
    return challenge ? Response.json({ 'hub.challenge': challenge }) : new Response()
  })

const guessed = ({ readings: [ride] }: ReturnType<typeof run>) => ({
  ...(ride as SessionReading),
  extra: { estimated: true },
})

const hook = 'https://hub.example/hooks/strava/secret'

const subscribe = (test: TestCloud) =>
  test.ask('POST', '/api/v3/push_subscriptions', {
    form: {
      client_id: test.app.clientId,
      client_secret: test.app.clientSecret,
      callback_url: hook,
      verify_token: 'vt',
    },
  })

describe('signing in at Strava', () => {
  it('tells in the redirect which scopes were left ticked, separated by commas', async () => {
    const told = await consent(begin(), '/oauth/authorize', { scope }, { without: ['profile:read_all'] })
    expect(told).toEqual({ code: expect.any(String), state: 'state-1234', scope: 'read,activity:read_all' })
  })

  it('a person who cancels comes back with access_denied', async () => {
    const told = await consent(begin(), '/oauth/authorize', { scope }, { button: 'cancel' })
    expect(told['error']).toBe('access_denied')
  })

  it('only the domain of the redirect is compared, and localhost is always one', async () => {
    const test = begin()
    const where = (redirect_uri: string) => consent(test, '/oauth/authorize', { scope, redirect_uri })
    expect(await where('https://hub.example/elsewhere')).toHaveProperty('code')
    expect(await where('http://localhost:8004/callback')).toHaveProperty('code')
    await expect(where('https://other.example/callback')).rejects.toThrow('redirect_uri')
  })

  it('works on the mobile page and at the other token address too', async () => {
    const test = begin()
    const { code = '' } = await consent(test, '/oauth/mobile/authorize', { scope })
    const client = { client_id: test.app.clientId, client_secret: test.app.clientSecret }
    const form = { grant_type: 'authorization_code', code, ...client }
    expect((await test.ask('POST', '/api/v3/oauth/token', { form })).body.token_type).toBe('Bearer')
  })

  it('an eleventh athlete is refused', async () => {
    const test = begin()
    for (let i = 0; i < 10; i++) {
      const name = `Athlete ${i}`
      test.cloud.addAccount({ name, email: `${i}@example.org`, timeZone: 'UTC', recordings: [] })
      await connect(test, { account: name })
    }
    await expect(connect(test, { account: 'Mira Lind' })).rejects.toThrow('limit of 10')
  })
})

describe("Strava's tokens", () => {
  it('come with the athlete for a code, and without for a refresh', async () => {
    const test = begin()
    const first = await connect(test)
    expect(first).toEqual({
      token_type: 'Bearer',
      expires_at: at('2026-11-10T18:04:00Z') / 1000,
      expires_in: 21_600,
      refresh_token: expect.any(String),
      access_token: expect.any(String),
      athlete: expect.objectContaining({
        id: Number(test.account),
        firstname: 'Mira',
        lastname: 'Lind',
        resource_state: 2,
      }),
    })
    test.clock.advance(6 * hour)
    expect(Object.keys((await refresh(test, first.refresh_token)).body).sort()).toEqual(
      Object.keys(first)
        .filter((name) => name !== 'athlete')
        .sort(),
    )
  })

  it('a refresh with more than an hour left answers with the same ones; later it rotates and the old one is dead at once', async () => {
    const test = begin()
    const first = await connect(test)
    test.clock.advance(4 * hour)
    const early = (await refresh(test, first.refresh_token)).body
    expect(early).toMatchObject({
      access_token: first.access_token,
      refresh_token: first.refresh_token,
      expires_in: 7_200,
    })
    test.clock.advance(hour)
    const second = (await refresh(test, first.refresh_token)).body
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await refresh(test, first.refresh_token)).toMatchObject({ status: 400, body: { message: 'Bad Request' } })
    expect((await refresh(test, second.refresh_token)).status).toBe(200)
  })

  it('a code is used once, and a wrong secret is no client', async () => {
    const test = begin()
    const { code = '' } = await consent(test, '/oauth/authorize', { scope })
    const take = (client_secret = test.app.clientSecret) =>
      tokenOf(test, { grant_type: 'authorization_code', code, client_secret })
    expect((await take('wrong')).status).toBe(401)
    expect((await take()).status).toBe(200)
    expect((await take()).status).toBe(400)
  })

  it('are given back at either address, and are worth nothing then', async () => {
    const test = begin()
    const one = await connect(test)
    await test.ask('POST', '/oauth/revoke', { basic: true, form: { token: one.refresh_token } })
    expect((await test.ask('GET', '/api/v3/athlete', { token: one.access_token })).status).toBe(401)
    const two = await connect(test)
    expect((await test.ask('POST', '/oauth/deauthorize', { token: two.access_token })).status).toBe(200)
    expect((await refresh(test, two.refresh_token)).status).toBe(400)
    expect((await test.ask('POST', '/oauth/deauthorize', { token: two.access_token })).status).toBe(401)
  })
})

describe("Strava's data", () => {
  it('a run in the list has every figure of the page, in its units, and none of the detailed ones', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const { body } = await test.ask('GET', '/api/v3/athlete/activities', { token })
    const id = body[0].id
    expect(body).toEqual([
      {
        resource_state: 2,
        id: expect.any(Number),
        external_id: 'run.fit',
        upload_id: expect.any(Number),
        upload_id_str: String(body[0].upload_id),
        athlete: { id: Number(test.account), resource_state: 1 },
        name: 'Lunch loop',
        distance: 2_400,
        moving_time: 590,
        elapsed_time: 600,
        total_elevation_gain: 12,
        type: 'Run',
        sport_type: 'Run',
        workout_type: 0,
        start_date: '2026-11-03T11:04:12Z',
        start_date_local: '2026-11-03T12:04:12Z',
        timezone: '(GMT+01:00) Europe/Stockholm',
        utc_offset: 3_600,
        start_latlng: [59.334, 18.063],
        end_latlng: [59.334 + 60 * 0.00036, 18.063],
        map: { id: `a${id}`, summary_polyline: expect.stringMatching(/.{20}/) },
        trainer: false,
        commute: false,
        manual: false,
        private: false,
        visibility: 'everyone',
        flagged: false,
        gear_id: expect.stringMatching(/^g\d+$/),
        average_speed: 4,
        max_speed: 4.6,
        average_cadence: 84, // of one leg
        has_heartrate: true,
        average_heartrate: 155,
        max_heartrate: 170,
        elev_high: 32,
        elev_low: 20,
        device_name: 'Aurora Pulse',
      },
    ])
    expect(id).toBeGreaterThan(2 ** 31)
    const detail = (await test.ask('GET', `/api/v3/activities/${id}`, { token })).body
    expect(detail).toMatchObject({ resource_state: 3, calories: 140, description: null })
    const laps = (await test.ask('GET', `/api/v3/activities/${id}/laps`, { token })).body
    expect(laps.map((lap: { distance: number }) => lap.distance)).toEqual([1_000, 1_400])
    expect((await test.ask('GET', `/api/v3/activities/${id}/zones`, { token })).status).toBe(402)
    expect((await test.ask('GET', '/api/v3/activities/1', { token })).status).toBe(404)
  })

  it('zones of an activity are for subscribers, and the last has no end', async () => {
    const test = begin({ account: { recordings: [run()], traits: ['subscriber'] } })
    const { access_token: token } = await connect(test)
    const [{ id }] = (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    const [zones, ...others] = (await test.ask('GET', `/api/v3/activities/${id}/zones`, { token })).body
    expect(others).toEqual([])
    expect(zones).toMatchObject({ type: 'heartrate', resource_state: 3, sensor_based: true })
    expect(zones.distribution_buckets).toEqual([
      { min: 0, max: 115, time: 0 },
      { min: 115, max: 152, time: 240 },
      { min: 152, max: 171, time: 360 },
      { min: 171, max: 190, time: 0 },
      { min: 190, max: -1, time: 0 },
    ])
  })

  it('a ride with a meter tells watts and work in kilojoules', async () => {
    const ride = run('ride', {
      activity: 'cycling_gravel',
      totals: { distance: 9_000, power_avg: 200, power_max: 480, cadence_avg: 82 },
    })
    const test = begin({ account: { recordings: [ride] } })
    const { access_token: token } = await connect(test)
    const [body] = (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    expect(body).toMatchObject({
      type: 'Ride',
      sport_type: 'GravelRide',
      average_watts: 200,
      max_watts: 480,
      kilojoules: 120,
      device_watts: true,
      average_cadence: 82,
      has_heartrate: false,
    })
    expect(body).not.toHaveProperty('average_heartrate')
    await test.cloud.record(test.account, { ...ride, readings: [guessed(ride)] })
    const [{ device_watts }] = (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    expect(device_watts, 'worked out and not measured').toBe(false)
  })

  it('lists newest first, or with `after` oldest first; pages end with an empty one', async () => {
    const starts = [1, 2, 3].map((date) => at(`2026-11-0${date}T08:00:00Z`))
    const test = begin({
      account: { recordings: starts.map((start, i) => run(`r${i}`, { start, end: start + hour, title: `r${i}` })) },
    })
    const { access_token: token } = await connect(test)
    const names = async (query: string) =>
      (await test.ask('GET', `/api/v3/athlete/activities?${query}`, { token })).body.map(
        (one: { name: string }) => one.name,
      )
    expect(await names('')).toEqual(['r2', 'r1', 'r0'])
    expect(await names(`after=${(starts[0] ?? 0) / 1000}`)).toEqual(['r1', 'r2'])
    expect(await names(`after=0&before=${(starts[2] ?? 0) / 1000}`)).toEqual(['r0', 'r1'])
    expect(await names('per_page=2&page=1')).toEqual(['r2', 'r1'])
    expect(await names('per_page=2&page=2')).toEqual(['r0'])
    expect(await names('per_page=2&page=3')).toEqual([])
    expect((await test.ask('GET', '/api/v3/athlete/activities?page=x', { token })).status).toBe(400)
  })

  it('streams have a row for each moment, keyed by type', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const [{ id }] = (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    const keys = 'time,distance,latlng,altitude,velocity_smooth,heartrate,cadence,watts,temp,moving,grade_smooth'
    const { body } = await test.ask('GET', `/api/v3/activities/${id}/streams?keys=${keys}&key_by_type=true`, { token })
    expect(Object.keys(body).sort()).toEqual(
      [
        'time',
        'distance',
        'latlng',
        'altitude',
        'velocity_smooth',
        'heartrate',
        'cadence',
        'moving',
        'grade_smooth',
      ].sort(),
    )
    expect(body.time).toMatchObject({ series_type: 'distance', original_size: 61, resolution: 'high' })
    expect(body.time.data.slice(0, 3)).toEqual([0, 10, 20])
    expect(body.heartrate.data.slice(0, 3)).toEqual([140, 140.5, 141])
    expect(body.cadence.data[5]).toBe(84)
    expect(body.latlng.data[1]).toEqual([59.33436, 18.063])
    for (const { data } of Object.values<{ data: unknown[] }>(body)) expect(data).toHaveLength(61)
  })

  it('an activity typed in has no streams, device or file', async () => {
    const typed = run('typed', { extra: { manual: true } })
    const test = begin({ account: { recordings: [typed] } })
    const { access_token: token } = await connect(test)
    const [body] = (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    expect(body).toMatchObject({ manual: true, external_id: null })
    expect(body).not.toHaveProperty('device_name')
    expect((await test.ask('GET', `/api/v3/activities/${body.id}/streams?keys=time`, { token })).status).toBe(404)
  })

  it('a hidden start time shows as one second past midnight', async () => {
    const test = begin({ account: { recordings: [run('r', { extra: { hide_start_time: true } })] } })
    const { access_token: token } = await connect(test)
    const [body] = (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    expect(body.start_date_local).toBe('2026-11-03T00:00:01Z')
  })

  it('with activity:read alone, what only the person sees is missing and the ends of a way are cut off', async () => {
    const test = begin({
      account: {
        recordings: [
          run(),
          run('secret', {
            start: at('2026-11-05T08:00Z'),
            end: at('2026-11-05T08:10Z'),
            extra: { visibility: 'only_me' },
          }),
        ],
      },
    })
    const all = await connect(test)
    const some = await connect(test, {}, 'activity:read')
    const list = async (token: string) => (await test.ask('GET', '/api/v3/athlete/activities', { token })).body
    const [hidden] = await list(all.access_token)
    expect(await list(all.access_token)).toHaveLength(2)
    const [seen, ...rest] = await list(some.access_token)
    expect(rest).toEqual([])
    expect(seen).toMatchObject({ name: 'Lunch loop', start_latlng: [], end_latlng: [] })
    expect((await test.ask('GET', `/api/v3/activities/${hidden.id}`, { token: some.access_token })).status).toBe(404)
    const path = `/api/v3/activities/${seen.id}/streams?keys=latlng,distance&key_by_type=true`
    const cut = (await test.ask('GET', path, { token: some.access_token })).body
    expect(cut.distance.data[0]).toBe(200)
    expect(cut.latlng.data).toHaveLength(51)
  })

  it('the profile has weight and gear only with profile:read_all; stats are one’s own', async () => {
    const test = begin()
    const full = (await connect(test)).access_token
    const little = (await connect(test, {}, 'activity:read')).access_token
    expect((await test.ask('GET', '/api/v3/athlete', { token: full })).body).toHaveProperty('bikes')
    expect((await test.ask('GET', '/api/v3/athlete', { token: little })).body).not.toHaveProperty('weight')
    const zones = (await test.ask('GET', '/api/v3/athlete/zones', { token: full })).body
    expect(zones.heart_rate.zones.at(-1).max).toBe(-1)
    const stats = (await test.ask('GET', `/api/v3/athletes/${test.account}/stats`, { token: full })).body
    expect(stats.recent_run_totals).toMatchObject({ count: 1, distance: 2_400 })
    expect((await test.ask('GET', '/api/v3/athletes/1/stats', { token: full })).status).toBe(403)
    const [{ gear_id }] = (await test.ask('GET', '/api/v3/athlete/activities', { token: full })).body
    expect((await test.ask('GET', `/api/v3/gear/${gear_id}`, { token: full })).body.id).toBe(gear_id)
  })

  it('routes are listed page by page, each with an id that only a text tells exactly', async () => {
    const test = begin()
    const token = (await connect(test)).access_token
    const ask = (id: string, page: number) => test.ask('GET', `/api/v3/athletes/${id}/routes?page=${page}`, { token })
    const [route] = (await ask(test.account, 1)).body
    expect(route.id_str).toMatch(/^\d{18,}$/)
    expect(String(route.id)).not.toBe(route.id_str)
    expect((await ask(test.account, 2)).body).toEqual([])
    expect((await ask('1', 1)).status).toBe(403)
  })

  it('a missing scope and a bad token are both 401, told apart by field and code', async () => {
    const test = begin()
    const { access_token: token } = await connect(test, {}, 'read')
    const without = await test.ask('GET', '/api/v3/athlete/activities', { token })
    expect(without).toMatchObject({
      status: 401,
      body: {
        message: 'Authorization Error',
        errors: [{ resource: 'AccessToken', field: 'activity:read_permission', code: 'missing' }],
      },
    })
    const bad = await test.ask('GET', '/api/v3/athlete', { token: 'x' })
    expect([bad.status, bad.body.errors[0].code]).toEqual([401, 'invalid'])
  })
})

describe("Strava's limits", () => {
  it('are told on every answer, in two pairs for the whole app', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    await test.ask('GET', '/api/v3/athlete', { token })
    const { headers } = await test.ask('GET', '/api/v3/athlete', { token })
    expect(headers.get('x-ratelimit-limit')).toBe('200,2000')
    expect(headers.get('x-ratelimit-usage')).toBe('2,2')
    expect(headers.get('x-readratelimit-limit')).toBe('100,1000')
    expect(headers.get('x-readratelimit-usage')).toBe('2,2')
  })

  it('the 101st read of a quarter hour is refused, until the next quarter by the clock; the day counts on', async () => {
    const test = begin({ now: '2026-11-10T12:14:00Z' })
    const { access_token: token } = await connect(test)
    for (let i = 0; i < 100; i++) await test.ask('GET', '/api/v3/athlete', { token })
    const refused = await test.ask('GET', '/api/v3/athlete', { token })
    expect(refused).toMatchObject({ status: 429, body: { message: 'Rate Limit Exceeded' } })
    expect(refused.headers.get('x-readratelimit-usage')).toBe('100,101')
    expect(refused.headers.get('retry-after')).toBeNull()
    test.clock.advance(60_000)
    expect((await test.ask('GET', '/api/v3/athlete', { token })).status).toBe(200)
  })

  it('a full day stays full until midnight UTC', async () => {
    const test = begin({ now: '2026-11-10T23:00:00Z', limits: [9, 9, 9, 2] })
    const { access_token: token } = await connect(test)
    const status = async () => (await test.ask('GET', '/api/v3/athlete', { token })).status
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429])
    test.clock.advance(hour / 2)
    expect(await status()).toBe(429)
    test.clock.advance(hour / 2)
    expect(await status()).toBe(200)
  })
})

describe("Strava's push subscription", () => {
  it('begins with a handshake that must echo the challenge in time', async () => {
    const { got, send } = receiver()
    const test = begin({ send })
    const made = await subscribe(test)
    expect(made).toMatchObject({ status: 201, body: { id: expect.any(Number) } })
    const asked = new URL(got[0]?.url ?? '')
    expect(got[0]?.method).toBe('GET')
    expect([asked.searchParams.get('hub.mode'), asked.searchParams.get('hub.verify_token')]).toEqual([
      'subscribe',
      'vt',
    ])
    expect((await subscribe(test)).status).toBe(400) // one for each app
    const client = `client_id=${test.app.clientId}&client_secret=${test.app.clientSecret}`
    expect((await test.ask('GET', `/api/v3/push_subscriptions?${client}`)).body).toMatchObject([{ callback_url: hook }])
    const remove = () => test.ask('DELETE', `/api/v3/push_subscriptions/${made.body.id}?${client}`)
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    expect((await test.ask('GET', '/api/v3/push_subscriptions?client_id=1')).status).toBe(401)
  })

  it.each([
    ['an error', () => new Response(null, { status: 500 })],
    ['another challenge', () => Response.json({ 'hub.challenge': 'x' })],
    ['text', () => new Response('{"hub.challenge":""}')],
  ])('is not made when the handshake is answered with %s', async (_, answer) => {
    const test = begin({ send: testReceiver(answer).send })
    expect((await subscribe(test)).status).toBe(400)
  })

  it('tells of what is new, renamed and deleted, signed; of other corrections nobody is told', async () => {
    const { got, send } = receiver()
    const test = begin({ send })
    const { body: made } = await subscribe(test)
    await connect(test)
    got.length = 0
    await test.cloud.record(test.account, run('late', { start: at('2026-11-04T08:00Z'), end: at('2026-11-04T08:10Z') }))
    const { text = '', headers } = got[0] ?? {}
    const event = JSON.parse(text)
    expect(event).toEqual({
      object_type: 'activity',
      object_id: expect.any(Number),
      aspect_type: 'create',
      updates: {},
      owner_id: Number(test.account),
      subscription_id: made.id,
      event_time: at('2026-11-10T12:04:00Z') / 1000,
    })
    const signed = `${event.event_time}.${text}`
    const right = createHmac('sha256', test.app.clientSecret).update(signed).digest('hex')
    expect(headers?.get('x-strava-signature')).toBe(`t=${event.event_time},v1=${right}`)
    await test.cloud.record(test.account, run('run', { title: 'Evening loop', extra: { visibility: 'only_me' } }))
    await test.cloud.record(
      test.account,
      run('run', { title: 'Evening loop', extra: { visibility: 'only_me' }, totals: { distance: 1 } }),
    )
    await test.cloud.deleteRecord(test.account, String(event.object_id))
    expect(got.slice(1).map((one) => [JSON.parse(one.text).aspect_type, JSON.parse(one.text).updates])).toEqual([
      ['update', { title: 'Evening loop', private: 'true' }],
      ['delete', {}],
    ])
  })

  it('for activity:read, hiding an activity is a delete and showing it again a create', async () => {
    const { got, send } = receiver()
    const test = begin({ send })
    await subscribe(test)
    await connect(test, {}, 'activity:read')
    got.length = 0
    await test.cloud.record(test.account, run('run', { extra: { visibility: 'only_me' } }))
    await test.cloud.record(test.account, run('run', { title: 'x', extra: { visibility: 'only_me' } }))
    await test.cloud.record(test.account, run('run'))
    expect(got.map(({ text }) => JSON.parse(text).aspect_type)).toEqual(['delete', 'create'])
  })

  it('tells that a person has left, and nothing afterwards; an ended account likewise', async () => {
    const { got, send } = receiver()
    const test = begin({ send })
    await subscribe(test)
    await connect(test)
    got.length = 0
    await test.cloud.revoke(test.account, test.app.clientId)
    await test.cloud.record(test.account, run('other'))
    expect(got.map(({ text }) => JSON.parse(text))).toMatchObject([
      {
        object_type: 'athlete',
        object_id: Number(test.account),
        aspect_type: 'update',
        updates: { authorized: 'false' },
      },
    ])
    const { access_token: token } = await connect(test)
    await test.cloud.deleteAccount(test.account)
    expect(got).toHaveLength(2)
    expect((await test.ask('GET', '/api/v3/athlete', { token })).status).toBe(401)
  })

  it('an event that nobody takes with 200 is sent three times in all', async () => {
    let handshakes = 0
    const { got, send } = testReceiver((request) => {
      const challenge = new URL(request.url).searchParams.get('hub.challenge')
      if (challenge) handshakes++
      return challenge ? Response.json({ 'hub.challenge': challenge }) : new Response(null, { status: 202 })
    })
    const test = begin({ send })
    await subscribe(test)
    await connect(test)
    await test.cloud.record(test.account, run('other'))
    for (let i = 0; i < 5; i++) {
      test.clock.advance(hour)
      await test.cloud.catchUp()
    }
    expect(got.length - handshakes).toBe(3)
  })

  it('may be unsigned, as some have seen it', async () => {
    const { got, send } = receiver()
    const test = testCloud(stravaUnsigned, { send })
    await subscribe(test)
    await connect(test)
    await test.cloud.record(test.account, run())
    expect(got.at(-1)?.headers.get('x-strava-signature')).toBeNull()
  })
})
