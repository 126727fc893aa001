import type { Reading } from '@tributary/protocol'
import { describe, expect, it } from 'vitest'
import { consent, type TestCloud, type TestCloudOptions, testCloud } from '../kit/test-cloud.ts'
import { at, recordingOf, run, series } from '../kit/test-recordings.ts'
import { dexcom } from './index.ts'

const hour = 3_600_000
const first = at('2026-11-09T06:00:00Z')

// 7.4 mmol/L is 133 mg/dL; then up, far above, falling, low.
const sensor = (key = 'sensor', values = [7.4, 7.5, 23, 7, 2]) =>
  recordingOf(key, series('blood_glucose', first, 300_000, values))

const event = (metric: string, start: string, value: Record<string, number>): Reading => ({
  kind: 'event',
  metric,
  start: at(start),
  value,
})

const noted = recordingOf(
  'noted',
  { kind: 'sample', metric: 'carbohydrates_intake', t: at('2026-11-09T07:00:00Z'), value: 42 },
  { kind: 'sample', metric: 'insulin_delivery', t: at('2026-11-09T07:05:00Z'), value: 3.5 },
  event('blood_glucose', '2026-11-09T06:10:00Z', { value: 6, calibration: 1 }),
  event('blood_glucose', '2026-11-09T08:00:00Z', { value: 5 }),
)

const begin = (options: TestCloudOptions = {}) =>
  testCloud(dexcom, { account: { recordings: [sensor(), noted] }, ...options })

const withTraits = (...traits: string[]) => begin({ account: { recordings: [sensor(), noted], traits } })

const tokenOf = ({ ask, app }: TestCloud, form: Record<string, string>) =>
  ask('POST', '/v2/oauth2/token', {
    form: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      redirect_uri: 'https://hub.example/callback',
      ...form,
    },
  })

async function connect(test: TestCloud) {
  const { code = '' } = await consent(test, '/v2/oauth2/login', { scope: 'offline_access' })
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const window = 'startDate=2026-11-09T00:00:00&endDate=2026-11-10T00:00:00'

async function reader(test: TestCloud) {
  const { access_token: token } = await connect(test)
  return (path: string) => test.ask('GET', `/v3/users/self${path}`, { token })
}

describe('signing in at Dexcom', () => {
  it('the code lives a minute, the access token two hours; somebody may cancel', async () => {
    const test = begin()
    expect(await connect(test)).toEqual({
      access_token: expect.any(String),
      expires_in: 7_200,
      token_type: 'Bearer',
      refresh_token: expect.any(String),
    })
    const ask = (button: 'allow' | 'cancel') =>
      consent(test, '/v3/oauth2/login', { scope: 'offline_access' }, { button })
    expect(await ask('cancel')).toMatchObject({ error: 'access_denied' })
    const { code = '' } = await ask('allow')
    test.clock.advance(60_000)
    expect(await tokenOf(test, { grant_type: 'authorization_code', code })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await consent(test, '/v2/oauth2/login', { scope: 'egv' })).toMatchObject({ error: 'invalid_scope' })
  })

  it('each refresh brings a new refresh token, and the old one is dead', async () => {
    const test = begin()
    const { refresh_token } = await connect(test)
    const refresh = (token: string) => tokenOf(test, { grant_type: 'refresh_token', refresh_token: token })
    const next = (await refresh(refresh_token)).body
    expect((await refresh(refresh_token)).status).toBe(400)
    expect((await refresh(next.refresh_token)).status).toBe(200)
  })

  it('a removed app has 401 and invalid_grant', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    await test.cloud.revoke(test.account, test.app.clientId)
    expect((await test.ask('GET', '/v3/users/self/devices', { token })).status).toBe(401)
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
  })

  it('so has an account that ended, which cannot be chosen any more', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    await test.cloud.deleteAccount(test.account)
    expect((await test.ask('GET', '/v3/users/self/dataRange', { token })).status).toBe(401)
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
    await expect(connect(test)).rejects.toThrow('offers no account')
  })
})

describe("Dexcom's glucose", () => {
  it('is newest first, with the two times, the trend and what stands for too low and too high', async () => {
    const test = begin()
    const get = await reader(test)
    const { body } = await get(`/egvs?${window}`)
    expect(body).toMatchObject({ recordType: 'egv', recordVersion: '3.0', userId: test.account })
    const records = body.records.reverse()
    expect(records[1]).toEqual({
      recordId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      systemTime: '2026-11-09T06:05:00Z',
      displayTime: '2026-11-09T07:05:00+01:00',
      transmitterId: expect.stringMatching(/^[0-9a-f]{64}$/),
      transmitterTicks: 300,
      value: 135,
      unit: 'mg/dL',
      trend: 'flat',
      trendRate: 0.4,
      rateUnit: 'mg/dL/min',
      status: 'ok',
      displayDevice: 'iOS',
      transmitterGeneration: 'g7',
      displayApp: 'G7',
    })
    const figures = records.map((one: Record<string, unknown>) => [one['value'], one['status'], one['trend']])
    expect(figures).toEqual([
      [133, 'ok', 'notComputable'],
      [135, 'ok', 'flat'],
      [401, 'high', 'doubleUp'],
      [126, 'ok', 'doubleDown'],
      [39, 'low', 'doubleDown'],
    ])
    expect(records[0].trendRate).toBeNull()
  })

  it('of a window takes the start and not the end, and no more than 30 days', async () => {
    const get = await reader(begin())
    const { body } = await get('/egvs?startDate=2026-11-09T06:00:00&endDate=2026-11-09T06:05:00')
    expect(body.records).toHaveLength(1)
    for (const bad of [
      'startDate=2026-10-01T00:00:00&endDate=2026-11-01T00:00:00',
      'startDate=2026-11-09T00:00:00Z&endDate=2026-11-10T00:00:00Z',
      'startDate=2026-11-09T00:00:00',
      'startDate=2026-11-10T00:00:00&endDate=2026-11-09T00:00:00',
    ])
      expect((await get(`/egvs?${bad}`)).status).toBe(400)
    expect((await get('/egvs?startDate=2026-10-12T00:00:00&endDate=2026-11-11T00:00:00')).status).toBe(200)
  })

  it('is held back for three hours, for one in the US', async () => {
    const count = async (test: TestCloud) => (await (await reader(test))(`/egvs?${window}`)).body.records.length
    const now = '2026-11-09T07:12:00Z'
    expect(await count(begin({ now }))).toBe(0)
    expect(await count(begin({ now, account: { recordings: [sensor()], traits: ['us'] } }))).toBe(3)
    expect(await count(begin({ now: '2026-11-09T09:20:00Z' }))).toBe(5)
  })

  it('can be the same twice after a change of phone, without a transmitter, in mmol/L, with times of before', async () => {
    const read = async (...traits: string[]) =>
      (await (await reader(withTraits(...traits)))(`/egvs?${window}`)).body.records
    const twice = await read('two_phones')
    expect(twice).toHaveLength(10)
    expect(new Set(twice.map((one: Record<string, unknown>) => one['recordId'])).size).toBe(10)
    expect((await read('no_transmitter'))[0].transmitterId).toBe('')
    expect((await read('mmol')).at(-1)).toMatchObject({ value: 7.4, unit: 'mmol/L', rateUnit: 'mmol/L/min' })
    expect((await read('old_times')).at(-1)).toMatchObject({
      systemTime: '2026-11-09T06:00',
      displayTime: '2026-11-09T07:00',
    })
  })

  it('of an account in another region is empty, though signing in went well', async () => {
    const get = await reader(withTraits('other_region'))
    expect((await get(`/egvs?${window}`)).body.records).toEqual([])
    expect((await get('/dataRange')).body).not.toHaveProperty('egvs')
  })

  it('that comes late or corrected stands where its time puts it, under the same id', async () => {
    const test = begin()
    const get = await reader(test)
    const before = (await get(`/egvs?${window}`)).body.records
    await test.cloud.record(test.account, sensor('sensor', [7.4, 8, 23, 7, 2]))
    const after = (await get(`/egvs?${window}`)).body.records
    expect(after.map((one: Record<string, unknown>) => one['recordId'])).toEqual(
      before.map((one: Record<string, unknown>) => one['recordId']),
    )
    expect(after[3].value).toBe(144)
  })
})

describe("Dexcom's other records", () => {
  it('events have their value as text', async () => {
    const get = await reader(
      begin({
        account: {
          recordings: [noted, run('r', { start: at('2026-11-09T09:00:00Z'), end: at('2026-11-09T09:30:00Z') })],
        },
      }),
    )
    const { records } = (await get(`/events?${window}`)).body
    const figures = records.map((one: Record<string, unknown>) =>
      ['eventType', 'eventSubType', 'value', 'unit', 'eventStatus'].map((name) => one[name]),
    )
    expect(figures).toEqual([
      ['exercise', 'medium', '30', 'minutes', 'created'],
      ['bloodGlucose', null, '90', 'mg/dL', 'created'],
      ['insulin', 'fastActing', '3.5', 'units', 'created'],
      ['carbs', null, '42', 'grams', 'created'],
    ])
  })

  it('a deleted event stays, as deleted; a changed one says so; some have neither value nor unit', async () => {
    const test = begin()
    const get = await reader(test)
    const read = async () => (await get(`/events?${window}`)).body.records
    const [blood] = await read()
    await test.cloud.deleteRecord(test.account, blood.recordId)
    expect((await read())[0]).toEqual({ ...blood, eventStatus: 'deleted' })
    test.clock.advance(hour)
    await test.cloud.record(
      test.account,
      recordingOf('noted', {
        kind: 'sample',
        metric: 'carbohydrates_intake',
        t: at('2026-11-09T07:00:00Z'),
        value: 45,
      }),
    )
    expect((await read()).at(-1)).toMatchObject({ value: '45', eventStatus: 'updated' })
    const [bare] = (await (await reader(withTraits('bare_events')))(`/events?${window}`)).body.records
    expect(bare).not.toHaveProperty('value')
    expect(bare).not.toHaveProperty('unit')
  })

  it('calibrations, alerts and devices are lists of their own', async () => {
    const get = await reader(begin())
    expect((await get(`/calibrations?${window}`)).body.records).toMatchObject([{ value: 108, unit: 'mg/dL' }])
    expect((await get(`/alerts?${window}`)).body.records).toMatchObject([
      { alertName: 'low', alertState: 'activeAlarming' },
      { alertName: 'high', alertState: 'activeAlarming' },
    ])
    expect((await get('/devices')).body.records).toMatchObject([
      { transmitterGeneration: 'g7', displayApp: 'G7', lastUploadDate: '2026-11-09T06:20:00Z', alertSchedules: [] },
    ])
  })

  it('the data range leaves out what there is none of, wants an offset, and errs when asked too far back', async () => {
    const get = await reader(begin({ account: { recordings: [sensor()] } }))
    const { body } = await get('/dataRange')
    expect(body.egvs).toEqual({
      start: { systemTime: '2026-11-09T06:00:00Z', displayTime: '2026-11-09T07:00:00+01:00' },
      end: { systemTime: '2026-11-09T06:20:00Z', displayTime: '2026-11-09T07:20:00+01:00' },
    })
    expect(body).not.toHaveProperty('events')
    const since = async (time: string) => get(`/dataRange?lastSyncTime=${time}`)
    expect((await since('2026-11-09T06:10:00Z')).body.egvs.start.systemTime).toBe('2026-11-09T06:10:00Z')
    expect((await since('2026-11-09T06:10:00')).status).toBe(400)
    expect((await since('2026-07-01T00:00:00Z')).body).not.toHaveProperty('egvs')
  })

  it('too many calls in an hour are 429, without a header', async () => {
    const test = begin({ limits: [1] })
    const get = await reader(test)
    await get('/devices')
    const over = await get('/devices')
    expect([over.status, over.headers.get('retry-after')]).toEqual([429, null])
    test.clock.advance(hour)
    expect((await get('/devices')).status).toBe(200)
    expect((await get('/sleep')).status).toBe(404)
  })
})
