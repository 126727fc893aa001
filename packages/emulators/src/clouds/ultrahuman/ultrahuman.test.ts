import { describe, expect, it } from 'vitest'
import { callback, consent, type TestCloud, type TestCloudOptions, testCloud } from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, series } from '../kit/test-recordings.ts'
import { ultrahuman } from './index.ts'
import type { Item } from './items.ts'

const scope = 'profile ring_data cgm_data'
const base = '/api/partners/v1/user_data'
const sensor = recordingOf('cgm', series('blood_glucose', at('2026-11-04T08:00:00Z'), 300_000, [5, 6]))

const begin = (options: TestCloudOptions = {}) =>
  testCloud(ultrahuman, { account: { recordings: [night(), day(), sensor] }, ...options })

const tokenOf = ({ ask, app }: TestCloud, form: Record<string, string>) =>
  ask('POST', '/api/partners/oauth/token', {
    form: { client_id: app.clientId, client_secret: app.clientSecret, redirect_uri: callback, ...form },
  })

async function connect(test: TestCloud, scopes = scope) {
  const { code = '' } = await consent(test, '/authorise', { scope: scopes })
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

async function reader(test: TestCloud, scopes = scope) {
  const { access_token: token } = await connect(test, scopes)
  const get = (path: string) => test.ask('GET', base + path, { token })
  const items = async (date: string): Promise<Item[]> => (await get(`/metrics?date=${date}`)).body.data.metric_data
  return { get, items }
}

describe('signing in at Ultrahuman', () => {
  it('gives a token for a week, and the user by their id', async () => {
    const test = begin()
    const tokens = await connect(test)
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 604_800,
      refresh_token: expect.any(String),
      scope,
    })
    const info = () => test.ask('GET', `${base}/user_info`, { token: tokens.access_token })
    expect((await info()).body).toEqual({ user_id: test.account, name: 'Mira Lind', email: 'mira@example.org' })
    test.clock.advance(604_800_000)
    expect((await info()).status).toBe(401)
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).status).toBe(200)
  })

  it('a refresh brings a refresh token; whether the old one dies, a test decides', async () => {
    for (const [refreshing, status] of [
      ['lenient', 200],
      ['strict', 400],
    ] as const) {
      const test = begin({ refreshing })
      const { refresh_token } = await connect(test)
      const refresh = () => tokenOf(test, { grant_type: 'refresh_token', refresh_token })
      expect((await refresh()).body.refresh_token).not.toBe(refresh_token)
      expect((await refresh()).status).toBe(status)
    }
  })

  it('somebody may cancel, a code is good once, and access can be taken away', async () => {
    const test = begin()
    expect(await consent(test, '/authorise', { scope }, { button: 'cancel' })).toMatchObject({ error: 'access_denied' })
    const { code = '' } = await consent(test, '/authorise', { scope })
    const take = () => tokenOf(test, { grant_type: 'authorization_code', code })
    const { refresh_token } = (await take()).body
    expect((await take()).body.error).toBe('invalid_grant')
    await test.cloud.revoke(test.account, test.app.clientId)
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
  })

  it('an account that ended has 401, and nothing to refresh', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    await test.cloud.deleteAccount(test.account)
    expect((await test.ask('GET', `${base}/user_info`, { token })).status).toBe(401)
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
  })
})

describe("Ultrahuman's days", () => {
  it('are lists of items with a type, of which one begins with a capital', async () => {
    const { items } = await reader(begin())
    const all = await items('2026-11-04')
    expect(all.map(({ type }) => type)).toEqual(['hr', 'hrv', 'steps', 'Sleep', 'recovery', 'glucose'])
    const object = (type: string) => all.find((one) => one.type === type)?.object
    expect(object('Sleep')).toEqual({
      bedtime_start: at('2026-11-03T22:10:00Z') / 1000,
      bedtime_end: at('2026-11-04T05:40:00Z') / 1000,
      quick_metrics: [
        { type: 'time_in_bed', value: 27_000 },
        { type: 'sleep_efic', value: 97 },
      ],
      sleep_stages: [
        { type: 'deep_sleep', stage_time: 5_400 },
        { type: 'light_sleep', stage_time: 14_100 },
        { type: 'rem_sleep', stage_time: 6_600 },
        { type: 'awake', stage_time: 900 },
      ],
      sleep_graph: { title: 'Sleep Stages', data: expect.any(Array) },
    })
    const { sleep_graph } = object('Sleep') as { sleep_graph: { data: object[] } }
    expect(sleep_graph.data[0]).toEqual({
      start: at('2026-11-03T22:10:00Z') / 1000,
      end: at('2026-11-03T22:20:00Z') / 1000,
      type: 'awake',
    })
    expect(object('recovery')).toEqual({ value: 74 })
    expect(object('glucose')).toEqual({
      values: [
        { timestamp: at('2026-11-04T08:00:00Z') / 1000, value: 90 },
        { timestamp: at('2026-11-04T08:05:00Z') / 1000, value: 108 },
      ],
    })
    expect(object('steps')?.['values']).toHaveLength(60)
  })

  it('are local: what was before midnight in Stockholm belongs to the day before', async () => {
    const { items } = await reader(begin())
    const beats = (await items('2026-11-03')).find(({ type }) => type === 'hr')?.object['values']
    expect((beats as { timestamp: number }[]).at(-1)?.timestamp).toBe(at('2026-11-03T22:55:00Z') / 1000)
  })

  it('are empty where there is nothing, and 400 without a date', async () => {
    const { items, get } = await reader(begin())
    expect(await items('2026-10-01')).toEqual([])
    expect((await get('/metrics')).status).toBe(400)
    expect((await get('/metrics?date=2026-11-31')).status).toBe(400)
    expect((await get('/metrics?date=2026-11-10')).status).toBe(200) // today
    expect((await get('/metrics?date=2026-11-11')).status).toBe(404)
    expect((await get('/workouts')).status).toBe(404)
  })

  it('may come as a bare list, and change when the ring sends late', async () => {
    const test = begin({ account: { recordings: [], traits: ['bare_list'] } })
    const { get } = await reader(test)
    expect((await get('/metrics?date=2026-11-04')).body).toEqual([])
    await test.cloud.record(test.account, sensor)
    expect((await get('/metrics?date=2026-11-04')).body).toHaveLength(1)
  })

  it('hold glucose only with its scope, and nothing without any', async () => {
    const test = begin()
    const types = async (scopes: string) =>
      (await (await reader(test, scopes)).items('2026-11-04')).map(({ type }) => type)
    expect(await types('cgm_data')).toEqual(['glucose'])
    expect(await types('ring_data')).not.toContain('glucose')
    expect((await (await reader(test, 'profile')).get('/metrics?date=2026-11-04')).status).toBe(403)
  })

  it('too many requests are 429', async () => {
    const { get } = await reader(begin({ limits: [1] }))
    await get('/user_info')
    expect((await get('/user_info')).status).toBe(429)
  })
})
