import { describe, expect, it } from 'vitest'
import { crcOf } from '../kit/fit.ts'
import { consent, origin, type TestCloud, type TestCloudOptions, testCloud, testReceiver } from '../kit/test-cloud.ts'
import { at, run } from '../kit/test-recordings.ts'
import { wahoo } from './index.ts'

const scope = 'email user_read workouts_read power_zones_read offline_data'
const hook = 'https://hub.example/hooks/wahoo/secret'
const hour = 3_600_000

const evening = run('evening', { start: at('2026-11-05T17:00:00Z'), end: at('2026-11-05T17:10:00Z') })

const begin = (options: TestCloudOptions = {}) =>
  testCloud(wahoo, { account: { recordings: [run(), evening] }, app: { webhookUrl: hook }, ...options })

const tokenOf = ({ ask, app }: TestCloud, form: Record<string, string>) =>
  ask('POST', '/oauth/token', {
    form: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      redirect_uri: 'https://hub.example/callback',
      ...form,
    },
  })

async function connect(test: TestCloud, scopes = scope) {
  const { code = '' } = await consent(test, '/oauth/authorize', { scope: scopes })
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token })

async function reader(test: TestCloud, scopes = scope) {
  const { access_token: token } = await connect(test, scopes)
  return (path: string, headers: Record<string, string> = {}) => test.ask('GET', path, { token, headers })
}

describe('signing in at Wahoo', () => {
  it('gives tokens for two hours, and says when somebody cancels', async () => {
    const test = begin()
    expect(await connect(test)).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 7_200,
      refresh_token: expect.any(String),
      scope,
      created_at: 1_794_312_240,
    })
    expect(await consent(test, '/oauth/authorize', { scope }, { button: 'cancel' })).toEqual({
      error: 'access_denied',
      state: 'state-1234',
    })
    expect((await tokenOf(test, { grant_type: 'authorization_code', code: 'x' })).body.error).toBe('invalid_grant')
    expect((await tokenOf(test, { grant_type: 'refresh_token', client_secret: 'x' })).status).toBe(401)
  })

  it('old tokens die only once the new one has been used', async () => {
    const test = begin()
    const user = async (token: string) => (await test.ask('GET', '/v1/user', { token })).status
    const first = await connect(test)
    const next = (await refresh(test, first.refresh_token)).body
    expect(await user(first.access_token)).toBe(200)
    const again = (await refresh(test, first.refresh_token)).body
    expect(again.refresh_token).not.toBe(next.refresh_token)
    expect(await user(again.access_token)).toBe(200)
    expect([await user(first.access_token), await user(next.access_token)]).toEqual([401, 401])
    expect((await refresh(test, first.refresh_token)).status).toBe(400)
  })

  it('ten tokens that were not revoked are the most, and 60 days end them', async () => {
    const test = begin()
    let { refresh_token } = await connect(test)
    for (let i = 0; i < 9; i++) refresh_token = (await refresh(test, refresh_token)).body.refresh_token
    expect((await refresh(test, refresh_token)).status).toBe(400)
    test.clock.advance(60 * 24 * hour)
    expect((await refresh(test, refresh_token)).status).toBe(200)
  })

  it('one call after each refresh keeps it far from that', async () => {
    const test = begin()
    let tokens = await connect(test)
    for (let i = 0; i < 12; i++) {
      tokens = (await refresh(test, tokens.refresh_token)).body
      expect((await test.ask('GET', '/v1/user', { token: tokens.access_token })).status).toBe(200)
    }
  })

  it('an app gives access back, a person takes it away: both end the tokens', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    expect((await test.ask('DELETE', '/v1/permissions', { token })).status).toBe(204)
    expect((await test.ask('GET', '/v1/user', { token })).status).toBe(401)
    const { refresh_token } = await connect(test)
    await test.cloud.revoke(test.account, test.app.clientId)
    expect((await refresh(test, refresh_token)).status).toBe(400)
  })

  it('an account that ended has 401 and no refresh; its files are gone, though they were open to all', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    const [workout] = (await test.ask('GET', '/v1/workouts', { token })).body.workouts
    const { url } = workout.workout_summary.file
    const file = async () => (await test.cloud.handle(new Request(url))).status
    expect(await file()).toBe(200)
    await test.cloud.deleteAccount(test.account)
    expect([await file(), (await test.ask('GET', '/v1/user', { token })).status]).toEqual([404, 401])
    expect((await refresh(test, refresh_token)).body.error).toBe('invalid_grant')
  })
})

describe("Wahoo's data", () => {
  it('is a list from the newest on, with decimals as text', async () => {
    const get = await reader(begin())
    const { body } = await get('/v1/workouts')
    expect(body).toMatchObject({ total: 2, page: 1, per_page: 30, order: 'descending', sort: 'starts' })
    expect(body.workouts[0].starts).toBe('2026-11-05T17:00:00.000Z')
    expect(body.workouts[1]).toEqual({
      id: expect.any(Number),
      starts: '2026-11-03T11:04:12.000Z',
      minutes: 10,
      name: 'Lunch loop',
      plan_id: null,
      plan_ids: [],
      route_id: null,
      workout_token: expect.stringMatching(/^ELEMNT/),
      workout_type_id: 1,
      workout_summary: {
        id: expect.any(Number),
        name: 'Lunch loop',
        ascent_accum: '12.0',
        cadence_avg: '84.0',
        calories_accum: '140.0',
        distance_accum: '2400.00',
        duration_active_accum: '590.0',
        duration_paused_accum: '10.0',
        duration_total_accum: '600.0',
        heart_rate_avg: '155.0',
        power_avg: '0.0',
        power_bike_np_last: '0.0',
        power_bike_tss_last: '0.0',
        speed_avg: '4.00',
        work_accum: '0.0',
        time_zone: 'Europe/Stockholm',
        manual: false,
        edited: false,
        fitness_app_id: 4,
        file: { url: expect.stringMatching(/2026-11-03-110412\.fit$/) },
        created_at: '2026-11-03T11:14:12.000Z',
        updated_at: '2026-11-03T11:14:12.000Z',
      },
      created_at: '2026-11-03T11:14:12.000Z',
      updated_at: '2026-11-03T11:14:12.000Z',
    })
    const { id } = body.workouts[1]
    expect((await get(`/v1/workouts/${id}`)).body).toEqual(body.workouts[1])
    expect((await get(`/v1/workouts/${id}/workout_summary`)).body).toEqual(body.workouts[1].workout_summary)
  })

  it('pages by number; a late workout stands where its start puts it', async () => {
    const test = begin()
    const get = await reader(test)
    const starts = async (page: number) =>
      (await get(`/v1/workouts?per_page=1&page=${page}`)).body.workouts.map((one: { starts: string }) => one.starts)
    expect([await starts(1), await starts(2), await starts(3)]).toEqual([
      ['2026-11-05T17:00:00.000Z'],
      ['2026-11-03T11:04:12.000Z'],
      [],
    ])
    await test.cloud.record(
      test.account,
      run('late', { start: at('2026-10-01T08:00:00Z'), end: at('2026-10-01T08:10:00Z') }),
    )
    const { workouts, total } = (await get('/v1/workouts')).body
    expect([total, workouts[2].updated_at]).toEqual([3, '2026-11-10T12:04:00.000Z'])
    expect((await get('/v1/workouts?page=0')).status).toBe(400)
  })

  it('a planned workout has no summary, a typed one no file, some no zone', async () => {
    const planned = run('planned', { extra: { planned: true } })
    const typed = run('typed', { start: at('2026-11-02T08:00:00Z'), extra: { manual: true, no_zone: true } })
    const get = await reader(begin({ account: { recordings: [planned, typed] } }))
    const [first, second] = (await get('/v1/workouts')).body.workouts
    expect(first.workout_summary).toBeNull()
    expect((await get(`/v1/workouts/${first.id}/workout_summary`)).status).toBe(404)
    expect(second.workout_summary).toMatchObject({ manual: true, time_zone: null })
    expect(second.workout_summary).not.toHaveProperty('file')
  })

  it('a workout to come names plans and a way, which are in the library of who may read it', async () => {
    const extra = { planned: true, plan: 'Up and down', route: 24_310 }
    const either = run('either', { extra: { planned: true, plans: ['Indoors', 'Outdoors'] } })
    const account = { recordings: [run('ladder', { start: at('2026-11-12T17:00:00Z'), extra }), either] }
    const get = await reader(begin({ account }), `${scope} plans_read routes_read`)
    const [ladder, choice] = (await get('/v1/workouts')).body.workouts
    expect(ladder).toMatchObject({ plan_id: expect.any(Number), plan_ids: [], workout_summary: null })
    expect(choice).toMatchObject({ plan_id: null, plan_ids: [expect.any(Number), expect.any(Number)], route_id: null })
    const plan = {
      id: ladder.plan_id,
      user_id: expect.any(Number),
      name: 'Lunch loop',
      description: 'Up and down',
      file: { url: null },
      workout_type_family_id: 0,
      workout_type_location_id: 255,
      external_id: `P${ladder.plan_id}`,
      provider_updated_at: null,
      deleted: false,
      updated_at: expect.any(String),
      created_at: expect.any(String),
    }
    expect((await get(`/v1/workouts/${ladder.id}/plans`)).body).toEqual([plan])
    expect((await get(`/v1/plans/${ladder.plan_id}`)).body).toEqual(plan)
    expect((await get(`/v1/plans?external_id=P${ladder.plan_id}`)).body).toEqual([plan])
    const said = (plans: { description: string }[]) => plans.map(({ description }) => description).sort()
    expect(said((await get(`/v1/workouts/${choice.id}/plans`)).body)).toEqual(['Indoors', 'Outdoors'])
    expect(said((await get('/v1/plans')).body)).toEqual(['Indoors', 'Outdoors', 'Up and down'])
    const [way, ...others] = (await get('/v1/routes')).body
    expect(others).toEqual([])
    expect(way).toMatchObject({ id: ladder.route_id, distance: 24_310, file: { url: null }, start_lat: 33.975087 })
    expect((await get(`/v1/routes/${ladder.route_id}`)).body).toEqual(way)
    for (const path of ['/v1/plans/1', '/v1/routes/1', '/v1/workouts/1/plans'])
      expect((await get(path)).status).toBe(404)
    const without = await reader(begin({ account }))
    for (const path of ['/v1/plans', '/v1/routes', `/v1/workouts/${ladder.id}/plans`])
      expect((await without(path)).status, path).toBe(403)
  })

  it('the file is FIT, and needs no token', async () => {
    const test = begin()
    const get = await reader(test)
    const { url } = (await get('/v1/workouts')).body.workouts[1].workout_summary.file
    expect(url).toMatch(`${origin}/wahoo-cloud/production/uploads/`)
    const bytes = Buffer.from(await (await test.cloud.handle(new Request(url))).arrayBuffer())
    expect([bytes.subarray(8, 12).toString(), crcOf(bytes)]).toEqual(['.FIT', 0])
    expect((await test.cloud.handle(new Request(`${url.slice(0, -30)}/1/x.fit`))).status).toBe(404)
  })

  it('a profile has text for height and weight; power zones and plans have their own scopes', async () => {
    const get = await reader(begin())
    expect((await get('/v1/user')).body).toMatchObject({
      height: '1.82',
      weight: '73.4',
      first: 'Mira',
      last: 'Lind',
      email: 'mira@example.org',
      gender: 1,
    })
    expect((await get('/v1/power_zones')).body[0]).toMatchObject({ ftp: 238, zone_7: 450, critical_power: null })
    expect((await get('/v1/plans')).status).toBe(403)
  })

  it('without user_read everything is 403, without a token 401', async () => {
    const test = begin()
    const get = await reader(test, 'workouts_read offline_data')
    expect((await get('/v1/workouts')).status).toBe(403)
    expect((await test.ask('GET', '/v1/workouts')).status).toBe(401)
  })

  it('knows what is not there, was removed, is no method and no JSON', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const get = (path: string, headers = {}) => test.ask('GET', path, { token, headers })
    const { id } = (await get('/v1/workouts')).body.workouts[0]
    await test.cloud.deleteRecord(test.account, String(id))
    expect((await get(`/v1/workouts/${id}`)).status).toBe(410)
    expect((await get('/v1/workouts/1')).status).toBe(404)
    expect((await get('/v1/sleep')).status).toBe(404)
    expect((await test.ask('PUT', '/v1/workouts', { token })).status).toBe(405)
    expect((await get('/v1/user', { accept: 'text/html' })).status).toBe(406)
  })

  it('says day, hour and five minutes in this order, and on 429 when to come again', async () => {
    const test = begin({ limits: [50, 10, 2] })
    const get = await reader(test)
    const { headers } = await get('/v1/user')
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-')))).toEqual({
      'x-ratelimit-limit': '50, 10, 2',
      'x-ratelimit-remaining': '49, 9, 1',
      'x-ratelimit-reset': '0',
    })
    await get('/v1/user')
    test.clock.advance(60_000)
    const over = await get('/v1/user')
    expect([over.status, over.headers.get('x-ratelimit-reset')]).toEqual([429, '240'])
    test.clock.advance(240_000)
    expect((await get('/v1/user')).status).toBe(200)
  })
})

describe("Wahoo's webhook", () => {
  it('carries the summary with the workout inside it, and a token in the body', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send })
    await connect(test)
    await test.cloud.record(test.account, run('new'))
    expect(got.map(({ method, url }) => [method, url])).toEqual([['POST', hook]])
    const body = JSON.parse(got[0]?.text ?? '')
    expect(body).toMatchObject({
      event_type: 'workout_summary',
      webhook_token: test.app.extra['webhookToken'],
      user: { id: Number(test.account) },
      workout_summary: {
        distance_accum: '2400.00',
        workout: { starts: '2026-11-03T11:04:12.000Z', workout_type_id: 1 },
      },
    })
    expect(body.workout_summary).not.toHaveProperty('time_zone')
  })

  it('is not sent without offline_data, nor for plans, nor once access is gone', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send })
    await connect(test, 'user_read workouts_read')
    await test.cloud.record(test.account, run('one'))
    await connect(test)
    await test.cloud.record(test.account, run('plan', { extra: { planned: true } }))
    await test.cloud.revoke(test.account, test.app.clientId)
    await test.cloud.record(test.account, run('two'))
    expect(got).toEqual([])
  })

  it('comes again for a correction, with a later stamp', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send })
    await connect(test)
    test.clock.advance(hour)
    await test.cloud.record(test.account, run('run', { title: 'Long loop' }))
    expect(JSON.parse(got[0]?.text ?? '').workout_summary).toMatchObject({
      name: 'Long loop',
      updated_at: '2026-11-10T13:04:00.000Z',
    })
  })

  it('anything but 200 is tried again after 30 minutes, 4, 24 and 72 hours, then never', async () => {
    const { got, send } = testReceiver(() => new Response(null, { status: 204 }))
    const test = begin({ send })
    await connect(test)
    await test.cloud.record(test.account, run('new'))
    for (const [hours, attempts] of [
      [0.5, 2],
      [3.5, 3],
      [20, 4],
      [48, 5],
      [500, 5],
    ] as const) {
      test.clock.advance(hours * hour)
      await test.cloud.catchUp()
      expect(got).toHaveLength(attempts)
    }
  })
})
