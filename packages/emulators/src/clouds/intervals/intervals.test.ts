import { describe, expect, it } from 'vitest'
import { crcOf } from '../kit/fit.ts'
import { consent, origin, type TestCloud, type TestCloudOptions, testCloud } from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, run, series } from '../kit/test-recordings.ts'
import { intervals } from './index.ts'

const scope = 'ACTIVITY:READ,WELLNESS:READ'

const begin = (options: TestCloudOptions = {}) =>
  testCloud(intervals, { account: { recordings: [run(), night(), day()] }, ...options })

const tokenOf = ({ ask, app }: TestCloud, form: Record<string, string>) =>
  ask('POST', '/api/oauth/token', { form: { client_id: app.clientId, client_secret: app.clientSecret, ...form } })

async function connect(test: TestCloud, scopes = scope) {
  const { code = '' } = await consent(test, '/oauth/authorize', { scope: scopes })
  return (await tokenOf(test, { code })).body
}

async function reader(test: TestCloud, scopes = scope) {
  const { access_token: token } = await connect(test, scopes)
  return (path: string) => test.ask('GET', `/api/v1${path}`, { token })
}

describe('signing in at Intervals.icu', () => {
  it('gives a token that never expires, and no refresh token', async () => {
    const test = begin()
    const tokens = await connect(test)
    expect(tokens).toEqual({
      token_type: 'Bearer',
      access_token: expect.any(String),
      scope,
      athlete: { id: expect.stringMatching(/^i\d{6}$/), name: 'Mira L.' },
    })
    test.clock.advance(10 * 365 * 86_400_000)
    expect((await test.ask('GET', '/api/v1/athlete/0', { token: tokens.access_token })).body).toMatchObject({
      id: test.account,
      timezone: 'Europe/Stockholm',
    })
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token: 'x' })).status).toBe(400)
  })

  it('the code lives two minutes; wrong credentials are 404', async () => {
    const test = begin()
    const { code = '' } = await consent(test, '/oauth/authorize', { scope })
    expect((await tokenOf(test, { code, client_secret: 'x' })).status).toBe(404)
    test.clock.advance(120_000)
    expect((await tokenOf(test, { code })).status).toBe(400)
    expect(await consent(test, '/oauth/authorize', { scope }, { button: 'cancel' })).toMatchObject({
      error: 'access_denied',
    })
  })

  it('one area may be named once; to write includes to read', async () => {
    const test = begin()
    expect(await consent(test, '/oauth/authorize', { scope: 'WELLNESS:READ,WELLNESS:WRITE' })).toMatchObject({
      error: 'invalid_scope',
      error_description: 'Duplicate scope',
    })
    const get = await reader(test, 'WELLNESS:WRITE')
    expect((await get('/athlete/0/wellness?oldest=2026-11-01')).status).toBe(200)
    expect((await get('/athlete/0/activities?oldest=2026-11-01')).status).toBe(403)
  })

  it('everybody has a key that opens all that is theirs; a new one ends it, and it is no app', async () => {
    const test = begin()
    const { apiKey } = test.cloud
    if (!apiKey) throw new Error('there are no keys')
    const asked = (method: string, path: string, key: string, user = 'API_KEY') =>
      test.ask(method, path, { headers: { authorization: `Basic ${btoa(`${user}:${key}`)}` } })
    const key = apiKey.of(test.account)
    expect((await test.ask('GET', '/settings')).body).toContain(key)
    expect((await asked('GET', '/api/v1/athlete/0', key)).body).toMatchObject({ id: test.account })
    expect((await asked('GET', '/api/v1/athlete/0/wellness?oldest=2026-11-01', key)).status).toBe(200)
    expect((await asked('GET', '/api/v1/athlete/0', key, 'mira')).status).toBe(401)
    expect((await asked('GET', '/api/v1/athlete/0', 'x')).status).toBe(401)
    expect((await asked('DELETE', '/api/v1/disconnect-app', key)).status).toBe(403)
    apiKey.renew(test.account)
    expect((await asked('GET', '/api/v1/athlete/0', key)).status).toBe(401)
    expect((await asked('GET', '/api/v1/athlete/0', apiKey.of(test.account))).status).toBe(200)
  })

  it('an app or the person ends it', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    expect((await test.ask('DELETE', '/api/v1/disconnect-app', { token })).status).toBe(200)
    expect((await test.ask('GET', '/api/v1/athlete/0', { token })).status).toBe(401)
    const again = await reader(test)
    await test.cloud.revoke(test.account, test.app.clientId)
    expect((await again('/athlete/0')).status).toBe(401)
  })

  it('with an account end its token and its key', async () => {
    const test = begin()
    const get = await reader(test)
    const key = test.cloud.apiKey?.of(test.account) ?? ''
    await test.cloud.deleteAccount(test.account)
    expect((await get('/athlete/0')).status).toBe(401)
    const headers = { authorization: `Basic ${btoa(`API_KEY:${key}`)}` }
    expect((await test.ask('GET', '/api/v1/athlete/0', { headers })).status).toBe(401)
    expect((await test.ask('GET', '/settings')).body).not.toContain(key)
  })
})

describe("Intervals.icu's activities", () => {
  it('have ids with a letter, a local time beside UTC, and cadence of one leg', async () => {
    const get = await reader(begin())
    const { body } = await get('/athlete/0/activities?oldest=2026-11-03&newest=2026-11-03')
    expect(body).toEqual([
      {
        id: expect.stringMatching(/^i\d{8}$/),
        start_date_local: '2026-11-03T12:04:12',
        start_date: '2026-11-03T11:04:12Z',
        type: 'Run',
        name: 'Lunch loop',
        distance: 2_400,
        moving_time: 590,
        elapsed_time: 600,
        total_elevation_gain: 12,
        average_heartrate: 155,
        max_heartrate: 170,
        average_cadence: 84,
        calories: 140,
        icu_training_load: null,
        source: 'GARMIN_CONNECT',
        device_name: 'Aurora Pulse',
        external_id: expect.stringMatching(/^\d{8}$/),
      },
    ])
    expect((await get(`/activity/${body[0].id}`)).body).toEqual(body[0])
    expect((await get('/activity/i1')).status).toBe(404)
    expect((await get('/athlete/i1/activities?oldest=2026-11-03')).status).toBe(403)
    expect((await get('/athlete/0/activities?oldest=x')).status).toBe(422)
  })

  it('belong to a local date: late in the evening it is not that of UTC', async () => {
    const late = run('late', { start: at('2026-11-03T23:30:00Z'), end: at('2026-11-03T23:40:00Z') })
    const get = await reader(begin({ account: { recordings: [late] } }))
    const count = async (date: string) => (await get(`/athlete/0/activities?oldest=${date}&newest=${date}`)).body.length
    expect([await count('2026-11-03'), await count('2026-11-04')]).toEqual([0, 1])
  })

  it('have streams of the types asked for, and a FIT file', async () => {
    const test = begin()
    const get = await reader(test)
    const [{ id }] = (await get('/athlete/0/activities?oldest=2026-11-01')).body
    const streams = (await get(`/activity/${id}/streams?types=time,heartrate,watts,latlng`)).body
    expect(streams.map(({ type, data }: { type: string; data: unknown[] }) => [type, data.length, data[1]])).toEqual([
      ['time', 61, 10],
      ['heartrate', 61, 140.5],
      ['latlng', 61, [59.33436, 18.063]],
    ])
    const { access_token } = await connect(test)
    const file = await test.cloud.handle(
      new Request(`${origin}/api/v1/activity/${id}/fit-file`, { headers: { authorization: `Bearer ${access_token}` } }),
    )
    expect(crcOf(Buffer.from(await file.arrayBuffer()))).toBe(0)
  })

  it('that came from Strava are only named', async () => {
    const get = await reader(begin({ account: { recordings: [run('r', { extra: { source: 'STRAVA' } })] } }))
    const [hidden] = (await get('/athlete/0/activities?oldest=2026-11-01')).body
    expect(Object.keys(hidden)).toEqual(['id', 'start_date_local', 'source', '_note'])
    expect((await get(`/activity/${hidden.id}`)).status).toBe(422)
  })
})

describe("Intervals.icu's wellness", () => {
  it('is one record for each local day, rewritten when something arrives', async () => {
    const test = begin()
    const get = await reader(test)
    const read = async () => (await get('/athlete/0/wellness?oldest=2026-11-04&newest=2026-11-04')).body[0]
    expect(await read()).toMatchObject({
      id: '2026-11-04',
      weight: null,
      restingHR: 49,
      hrv: 62,
      hrvSDNN: null,
      sleepSecs: 26_100,
      sleepScore: 81,
      avgSleepingHR: 50,
      spO2: 96.5,
      steps: 3_600,
      respiration: 14,
      stress: 2,
      fatigue: 2,
      soreness: 1,
      mood: 3,
      updated: '2026-11-04T05:40:00Z',
    })
    const t = at('2026-11-04T07:00:00Z')
    await test.cloud.record(
      test.account,
      recordingOf('body', series('body_mass', t, 1, [61.4]), series('blood_glucose', t, 1, [5.1]), {
        kind: 'event',
        metric: 'blood_pressure',
        start: t,
        value: { systolic: 116, diastolic: 74 },
      }),
    )
    expect(await read()).toMatchObject({
      weight: 61.4,
      bloodGlucose: 5.1,
      systolic: 116,
      diastolic: 74,
      updated: '2026-11-10T12:04:00Z',
    })
  })

  it('is offered as CSV too', async () => {
    const get = await reader(begin())
    const { body } = await get('/athlete/0/wellness.csv?oldest=2026-11-04')
    expect(body.split('\n')[0]).toMatch(/^id,weight,restingHR,/)
    expect(body.split('\n')[1]).toMatch(/^2026-11-04,,49,/)
  })
})

it('too many requests at Intervals.icu are 429 with a pause', async () => {
  const test = begin({ limits: [1] })
  const get = await reader(test)
  await get('/athlete/0')
  const over = await get('/athlete/0')
  expect([over.status, over.headers.get('retry-after')]).toEqual([429, '60'])
})

it('the calendar holds what is planned, by local dates, for whoever may read it', async () => {
  const planned = { planned: true, what: '3 × 10 min' }
  const account = {
    recordings: [
      run('tempo', { start: at('2026-11-12T17:00:00Z'), end: at('2026-11-12T18:00:00Z'), extra: planned }),
      run('race', { start: at('2026-12-06T09:00:00Z'), extra: { planned: true, category: 'RACE_A', all_day: true } }),
    ],
  }
  const get = await reader(begin({ account }), 'ACTIVITY:READ,CALENDAR:READ')
  const [tempo, race, ...others] = (await get('/athlete/0/events?oldest=2026-11-01&newest=2027-11-01')).body
  expect(others).toEqual([])
  expect(tempo).toEqual({
    id: expect.any(Number),
    start_date_local: '2026-11-12T18:00:00',
    end_date_local: null,
    category: 'WORKOUT',
    type: 'Run',
    name: 'Lunch loop',
    description: '3 × 10 min',
    moving_time: 3_600,
    distance: 2_400,
    icu_training_load: null,
    athlete_id: expect.stringMatching(/^i/),
    hide_from_athlete: false,
    for_week: false,
    paired_activity_id: null,
    updated: expect.any(String),
  })
  expect(race).toMatchObject({ category: 'RACE_A', start_date_local: '2026-12-06T00:00:00' })
  expect((await get('/athlete/0/events?oldest=2026-11-13&newest=2026-12-05')).body).toEqual([])
  expect((await get(`/athlete/0/events/${tempo.id}`)).body).toEqual(tempo)
  expect((await get('/athlete/0/events/1')).status).toBe(404)
  expect((await get('/athlete/0/activities?oldest=2026-11-01')).body, 'nothing of it is done').toEqual([])
  const without = await reader(begin({ account }))
  expect((await without('/athlete/0/events?oldest=2026-11-01')).status).toBe(403)
})
