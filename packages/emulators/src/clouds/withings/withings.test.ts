import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Recording } from '../cloud.ts'
import {
  type Answer,
  callback,
  consent,
  type TestCloud,
  type TestCloudOptions,
  testCloud,
  testReceiver,
} from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, run, series } from '../kit/test-recordings.ts'
import { withings } from './index.ts'

const scope = 'user.info,user.metrics,user.activity,user.sleepevents'
const hour = 3_600_000
const hook = 'https://hub.example/hooks/withings/secret'

const of = (model: string, serial: string, recording: Recording): Recording => ({
  ...recording,
  device: { name: model, manufacturer: 'Withings', model, serial },
})

const weighedAt = at('2026-11-04T06:20:00Z')

const weighing = (key = 'scale', kg = 76.42, t = weighedAt) =>
  of(
    'Body Comp',
    '9f1c',
    recordingOf(
      key,
      ...Object.entries({ body_mass: kg, body_fat: 18.4, muscle_mass: 58.5, bone_mass: 3.2, body_water: 55 }).map(
        ([metric, v]) => series(metric, t, 1, [v]),
      ),
    ),
  )

const pressure = of(
  'BPM Connect',
  '77ab',
  recordingOf(
    'cuff',
    {
      kind: 'event',
      metric: 'blood_pressure',
      start: at('2026-11-04T07:00Z'),
      value: { systolic: 121, diastolic: 79 },
    },
    series('heart_rate', at('2026-11-04T07:00Z'), 1, [64]),
  ),
)

const begin = (options: TestCloudOptions = {}) =>
  testCloud(withings, { account: { recordings: [weighing(), pressure] }, ...options })

const keysOf = ({ app }: TestCloud) => ({ client_id: app.clientId, client_secret: app.clientSecret })

const tokenOf = (test: TestCloud, form: Record<string, string>) =>
  test.ask('POST', '/v2/oauth2', { form: { action: 'requesttoken', redirect_uri: callback, ...keysOf(test), ...form } })

async function codeOf(test: TestCloud, scopes = scope) {
  return (await consent(test, '/oauth2_user/authorize2', { scope: scopes }))['code'] ?? ''
}

async function connect(test: TestCloud, scopes = scope) {
  return (await tokenOf(test, { grant_type: 'authorization_code', code: await codeOf(test, scopes) })).body.body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token })

type Call = (path: string, action: string, fields?: Record<string, string>) => Promise<Answer>

async function caller(test: TestCloud, scopes = scope): Promise<Call> {
  const { access_token: token } = await connect(test, scopes)
  return (path, action, fields = {}) => test.ask('POST', path, { token, form: { action, ...fields } })
}

const hmac = ({ app }: TestCloud, ...values: string[]) =>
  createHmac('sha256', app.clientSecret).update(values.join(',')).digest('hex')

async function nonceOf(test: TestCloud) {
  const timestamp = String(Math.floor(test.clock.now() / 1000))
  const client_id = test.app.clientId
  const signature = hmac(test, 'getnonce', client_id, timestamp)
  const form = { action: 'getnonce', client_id, timestamp, signature }
  return (await test.ask('POST', '/v2/signature', { form })).body.body.nonce as string
}

const signed = async (test: TestCloud, action: string) => {
  const nonce = await nonceOf(test)
  return { action, client_id: test.app.clientId, nonce, signature: hmac(test, action, test.app.clientId, nonce) }
}

describe('signing in at Withings', () => {
  it('needs a state, scopes with commas and the exact redirect; who cancels comes back denied', async () => {
    const test = begin()
    const page = '/oauth2_user/authorize2'
    expect(await consent(test, page, { scope, state: '' })).toMatchObject({ error: 'invalid_state' })
    expect(await consent(test, page, { scope: 'user.info user.metrics' })).toMatchObject({ error: 'invalid_scope' })
    expect(await consent(test, page, { scope }, { button: 'cancel' })).toMatchObject({ error: 'access_denied' })
    await expect(consent(test, page, { scope, redirect_uri: 'https://hub.example/' })).rejects.toThrow('redirect_uri')
  })
})

describe("Withings' tokens", () => {
  it('come wrapped, with the user id in them', async () => {
    const test = begin()
    const { status, body } = await tokenOf(test, { grant_type: 'authorization_code', code: await codeOf(test) })
    expect(status).toBe(200)
    expect(body).toEqual({
      status: 0,
      body: {
        userid: Number(test.account),
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        expires_in: 10_800,
        scope,
        csrf_token: expect.any(String),
        token_type: 'Bearer',
      },
    })
  })

  it('a code is good for 30 seconds, once, and a refusal is a 200 with another status', async () => {
    const test = begin()
    const take = async (wait: number) => {
      const code = await codeOf(test)
      test.clock.advance(wait)
      const once = await tokenOf(test, { grant_type: 'authorization_code', code })
      const again = await tokenOf(test, { grant_type: 'authorization_code', code })
      expect([once.status, again.status]).toEqual([200, 200])
      return [once.body.status, again.body.status]
    }
    expect(await take(29_000)).toEqual([0, 503])
    expect(await take(30_000)).toEqual([503, 503])
  })

  it('whatever is wrong has one status, and only the text names it', async () => {
    const test = begin()
    const code = { grant_type: 'authorization_code', code: 'x' }
    const said = [
      await tokenOf(test, code),
      await tokenOf(test, { grant_type: 'refresh_token', refresh_token: 'x' }),
      await tokenOf(test, { ...code, client_secret: 'x' }),
      await tokenOf(test, { ...code, client_id: 'x' }),
      await tokenOf(test, { grant_type: 'password' }),
    ]
    expect(said.map(({ status, body }) => [status, body.status, body.error])).toEqual([
      [200, 503, 'Invalid Params: invalid code'],
      [200, 503, 'Invalid Params: invalid refresh_token'],
      [200, 503, 'Invalid Params: invalid client id/secret'],
      [200, 503, 'Invalid Params: invalid client id/secret'],
      [200, 503, 'Invalid Params: invalid grant_type'],
    ])
  })

  it('an old refresh token lives eight hours, or until the new access token is used', async () => {
    const test = begin()
    const first = await connect(test)
    const status = async (token: string) => (await refresh(test, token)).body.status
    const second = (await refresh(test, first.refresh_token)).body.body
    test.clock.advance(hour)
    expect(await status(first.refresh_token)).toBe(0)
    await test.ask('POST', '/v2/user', { token: first.access_token, form: { action: 'getdevice' } }) // the old one says nothing
    expect(await status(first.refresh_token)).toBe(0)
    test.clock.advance(7 * hour)
    expect(await status(first.refresh_token)).toBe(503)
    const third = (await refresh(test, second.refresh_token)).body.body
    await test.ask('POST', '/v2/user', { token: third.access_token, form: { action: 'getdevice' } })
    expect(await status(second.refresh_token)).toBe(503)
    expect(await status(third.refresh_token)).toBe(0)
  })

  it('a refresh token dies after a year unused, an access token after three hours', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    test.clock.advance(3 * hour)
    const late = await test.ask('POST', '/measure', { token, form: { action: 'getmeas' } })
    expect([late.status, late.body.status]).toEqual([200, 401])
    test.clock.advance(365 * 24 * hour)
    expect((await refresh(test, refresh_token)).body.status).toBe(503)
  })

  it('a secret may be proved by a signature over a nonce, which is good once and for half an hour', async () => {
    const test = begin()
    const take = async (form: Record<string, string>) => {
      const code = await codeOf(test)
      const all = { grant_type: 'authorization_code', code, redirect_uri: callback, ...form }
      return (await test.ask('POST', '/v2/oauth2', { form: all })).body.status
    }
    const form = await signed(test, 'requesttoken')
    expect(await take(form)).toBe(0)
    expect(await take(form)).toBe(401)
    const late = await signed(test, 'requesttoken')
    test.clock.advance(hour / 2)
    expect(await take(late)).toBe(401)
    expect(await take({ ...(await signed(test, 'requesttoken')), signature: 'x' })).toBe(401)
    expect(await take({ action: 'requesttoken', ...keysOf(test), client_secret: 'x' })).toBe(503)
    const unsigned = { action: 'getnonce', client_id: test.app.clientId, timestamp: '1', signature: 'x' }
    expect((await test.ask('POST', '/v2/signature', { form: unsigned })).body.status).toBe(401)
  })

  it('are revoked with a signed call, which drops the notifications too', async () => {
    const { send } = testReceiver()
    const test = begin({ send })
    const call = await caller(test)
    await call('/notify', 'subscribe', { callbackurl: hook, appli: '1' })
    const revoke = async (more = {}) =>
      (
        await test.ask('POST', '/v2/oauth2', {
          form: { ...(await signed(test, 'revoke')), userid: test.account, ...more },
        })
      ).body.status
    expect(await revoke({ signature: 'x' })).toBe(401)
    expect(await revoke()).toBe(0)
    expect((await call('/measure', 'getmeas')).body.status).toBe(401)
    expect(await revoke()).not.toBe(0)
    expect((await (await caller(test))('/notify', 'list')).body.body.profiles).toEqual([])
  })
})

describe("Withings' measures", () => {
  it('of one moment are one group, each a whole number and a power of ten', async () => {
    const test = begin()
    const { status, body } = await (await caller(test))('/measure', 'getmeas', { category: '1' })
    expect([status, body.status]).toEqual([200, 0])
    expect(body.body).toMatchObject({
      updatetime: test.clock.now() / 1000,
      timezone: 'Europe/Stockholm',
      more: 0,
      offset: 0,
    })
    const [cuff, scale, ...rest] = body.body.measuregrps
    expect(rest).toEqual([])
    const seconds = weighedAt / 1000
    expect(scale).toEqual({
      grpid: expect.any(Number),
      attrib: 0,
      date: seconds,
      created: seconds,
      modified: seconds,
      category: 1,
      deviceid: '9f1c',
      hash_deviceid: '9f1c',
      model: 'Body Comp',
      modelid: 18,
      comment: null,
      measures: [
        { value: 76_420, type: 1, unit: -3, algo: 0, fm: 131 },
        { value: 1_840, type: 6, unit: -2, algo: 0, fm: 131 },
        { value: 58_500, type: 76, unit: -3, algo: 0, fm: 131 },
        { value: 3_200, type: 88, unit: -3, algo: 0, fm: 131 },
        { value: 42_031, type: 77, unit: -3, algo: 0, fm: 131 },
        { value: 16_812, type: 168, unit: -3, algo: 0, fm: 131 }, // of all of it, outside of cells and inside
        { value: 25_219, type: 169, unit: -3, algo: 0, fm: 131 },
      ],
    })
    expect(cuff.measures.map(({ type, value }: { type: number; value: number }) => [type, value])).toEqual([
      [9, 79],
      [10, 121],
      [11, 64],
    ])
  })

  it('come with goals unless category 1 is asked for, and only of the types that are named', async () => {
    const call = await caller(begin())
    const types = async (fields: Record<string, string>) =>
      (await call('/measure', 'getmeas', fields)).body.body.measuregrps.map(
        (group: { category: number; measures: { type: number }[] }) => [
          group.category,
          ...group.measures.map(({ type }) => type),
        ],
      )
    expect(await types({ meastypes: '1,10' })).toEqual([
      [1, 10],
      [1, 1],
      [2, 1],
    ])
    expect(await types({ category: '2' })).toEqual([[2, 1]])
    expect(await types({ category: '1', meastypes: '54' })).toEqual([])
  })

  it('are found by their date, or by what changed since; not by both', async () => {
    const test = begin()
    const call = await caller(test)
    const count = async (fields: Record<string, string>) => {
      const { body } = await call('/measure', 'getmeas', { category: '1', ...fields })
      return body.status || body.body.measuregrps.length
    }
    const seconds = weighedAt / 1000
    expect(await count({ startdate: String(seconds), enddate: String(seconds) })).toBe(1)
    const connected = String(test.clock.now() / 1000)
    expect(await count({ lastupdate: connected })).toBe(0)
    test.clock.advance(1_000)
    await test.cloud.record(test.account, weighing('scale', 76.9)) // corrected
    await test.cloud.record(test.account, weighing('late', 77, at('2026-11-01T06:00Z'))) // late
    expect(await count({ lastupdate: connected })).toBe(2)
    expect(await count({})).toBe(3)
    expect(await count({ lastupdate: connected, startdate: '1' })).toBe(503)
    expect(await count({ startdate: 'soon' })).toBe(503)
  })

  it('typed in by hand, or of a scale that several share, say so', async () => {
    const typed = of(
      'Body Comp',
      '9f1c',
      recordingOf('typed', { kind: 'sample', metric: 'body_mass', t: weighedAt, value: 70, method: 'manual' }),
    )
    const attribs = async (options: TestCloudOptions) =>
      (
        await (
          await caller(begin(options))
        )('/measure', 'getmeas', { category: '1', meastypes: '1' })
      ).body.body.measuregrps.map(({ attrib }: { attrib: number }) => attrib)
    expect(await attribs({ account: { recordings: [typed] } })).toEqual([2])
    expect(await attribs({ account: { recordings: [weighing()], traits: ['shared_scale'] } })).toEqual([1])
  })

  it('more than a hundred go on at an offset', async () => {
    const many = Array.from({ length: 130 }, (_, i) => weighing(`w${i}`, 70, weighedAt - i * 24 * hour))
    const call = await caller(begin({ account: { recordings: many } }))
    const first = (await call('/measure', 'getmeas', { category: '1' })).body.body
    expect([first.measuregrps.length, first.more, first.offset]).toEqual([100, 1, 100])
    const second = (await call('/measure', 'getmeas', { category: '1', offset: '100' })).body.body
    expect([second.measuregrps.length, second.more]).toEqual([30, 0])
  })
})

describe("Withings' days, workouts and nights", () => {
  const lived = [of('ScanWatch', 'a1', day()), of('ScanWatch', 'a1', run()), of('Sleep Analyzer', 'c7', night())]
  const ymd = { startdateymd: '2026-11-03', enddateymd: '2026-11-04' }

  it('a day has only what data_fields names, and one row for each thing and brand', async () => {
    const phone: Recording = {
      ...day('phone'),
      device: { name: 'Phone', manufacturer: 'Apple', model: 'iPhone', serial: 'P' },
    }
    const call = await caller(begin({ account: { recordings: [...lived, phone] } }))
    const { body } = (
      await call('/v2/measure', 'getactivity', {
        ...ymd,
        data_fields: 'steps,distance,elevation,calories,totalcalories,moderate,hr_average,hr_zone_0',
      })
    ).body
    expect([body.more, body.offset]).toEqual([false, 0])
    const [own, other] = body.activities
    expect(own).toEqual({
      date: '2026-11-04',
      timezone: 'Europe/Stockholm',
      deviceid: 'a1',
      hash_deviceid: 'a1',
      brand: 1,
      is_tracker: true,
      model: 59,
      modelid: 59,
      modified: at('2026-11-04T23:00:00Z') / 1000,
      steps: 3_600,
      distance: 2_700,
      elevation: 5,
      calories: 240,
      totalcalories: 450,
      moderate: 0,
      hr_average: 82,
      hr_zone_0: 86_400,
    })
    expect(other).toMatchObject({ brand: 18, is_tracker: false, deviceid: null })
    expect((await call('/v2/measure', 'getactivity', ymd)).body.body.activities[0]).not.toHaveProperty('steps')
    expect((await call('/v2/measure', 'getactivity')).body.status).toBe(503)
  })

  it('a workout has its category and, when named, its figures', async () => {
    const call = await caller(begin({ account: { recordings: lived } }))
    const { series, more } = (
      await call('/v2/measure', 'getworkouts', { ...ymd, data_fields: 'calories,distance,hr_max' })
    ).body.body
    expect(more).toBe(false)
    expect(series).toEqual([
      {
        id: expect.any(Number),
        category: 2,
        timezone: 'Europe/Stockholm',
        model: 93,
        attrib: 7,
        startdate: at('2026-11-03T11:04:12Z') / 1000,
        enddate: at('2026-11-03T11:14:12Z') / 1000,
        date: '2026-11-03',
        deviceid: 'a1',
        modified: at('2026-11-03T11:14:12Z') / 1000,
        data: { calories: 140, distance: 2_400, hr_max: 170 },
      },
    ])
  })

  it('a night is summed up in seconds, its efficiency as a fraction', async () => {
    const test = begin({ account: { recordings: lived } })
    const call = await caller(test)
    const data_fields =
      'total_timeinbed,total_sleep_time,lightsleepduration,deepsleepduration,remsleepduration,wakeupduration,sleep_efficiency,sleep_latency,waso,wakeupcount,hr_average,hr_min,hr_max,rr_average,snoring,sleep_score'
    const [summary] = (await call('/v2/sleep', 'getsummary', { ...ymd, data_fields })).body.body.series
    const end = at('2026-11-04T05:40:00Z') / 1000
    expect(summary).toEqual({
      id: expect.any(Number),
      timezone: 'Europe/Stockholm',
      model: 32,
      model_id: 63,
      startdate: at('2026-11-03T22:10:00Z') / 1000,
      enddate: end,
      date: '2026-11-04',
      created: end,
      modified: end,
      hash_deviceid: 'c7',
      completed: true,
      data: {
        total_timeinbed: 27_000,
        total_sleep_time: 26_100,
        lightsleepduration: 14_100,
        deepsleepduration: 5_400,
        remsleepduration: 6_600,
        wakeupduration: 900,
        sleep_efficiency: 0.97,
        sleep_latency: 600,
        waso: 300,
        wakeupcount: 1,
        hr_average: 50,
        hr_min: 48,
        hr_max: 52,
        rr_average: 14,
        snoring: 600,
        sleep_score: 81,
      },
    })
    const since = String(test.clock.now() / 1000)
    expect((await call('/v2/sleep', 'getsummary', { lastupdate: since })).body.body.series).toEqual([])
  })

  it('a night in detail has its stages, with maps by second, of 24 hours at most', async () => {
    const call = await caller(begin({ account: { recordings: lived } }))
    const window = (from: string, to: string) => ({
      startdate: String(at(from) / 1000),
      enddate: String(at(to) / 1000),
    })
    const { body } = (
      await call('/v2/sleep', 'get', { ...window('2026-11-03T12:00Z', '2026-11-04T12:00Z'), data_fields: 'hr,rr' })
    ).body
    expect(body.series.map(({ state }: { state: number }) => state)).toEqual([0, 1, 2, 1, 3, 0, 1, 3])
    const start = at('2026-11-03T22:10Z') / 1000
    expect(body.series[0]).toMatchObject({
      startdate: start,
      enddate: start + 600,
      hr: { [start]: 50, [start + 300]: 48 },
      rr: { [start]: 14 },
    })
    expect(body.series[0]).not.toHaveProperty('rmssd')
    const long = (await call('/v2/sleep', 'get', window('2026-11-02T12:00Z', '2026-11-04T12:00Z'))).body.body
    expect(long.series).toEqual([])
    expect((await call('/v2/sleep', 'get')).body.status).toBe(503)
  })

  it('minutes of a day are keyed by second; an empty map is a list', async () => {
    const call = await caller(begin({ account: { recordings: lived } }))
    const start = at('2026-11-04T06:00:00Z') / 1000
    const ask = async (from: number, data_fields: string) =>
      (
        await call('/v2/measure', 'getintradayactivity', {
          startdate: String(from),
          enddate: String(from + 60),
          data_fields,
        })
      ).body.body.series
    expect(await ask(start, 'steps,heart_rate')).toEqual({ [start]: { steps: 60, duration: 60, heart_rate: 70 } })
    expect(await ask(start + 86_400, 'steps')).toEqual([])
  })

  it('an ECG is listed with its class, its signal fetched by id', async () => {
    const t = Float64Array.from([0, 1, 2])
    const ecg = of(
      'ScanWatch',
      'a1',
      recordingOf('ecg', {
        kind: 'session',
        type: 'ecg',
        start: at('2026-11-04T10:00Z'),
        end: at('2026-11-04T10:00:30Z'),
        externalId: 'e',
        totals: {},
        parts: [],
        streams: { ecg: { t, v: Float64Array.from([5, -3, 900]) } },
      }),
    )
    const call = await caller(begin({ account: { recordings: [ecg] } }))
    const [one] = (await call('/v2/heart', 'list')).body.body.series
    expect(one).toMatchObject({ ecg: { afib: 0 }, deviceid: 'a1', timestamp: at('2026-11-04T10:00Z') / 1000 })
    const { body } = (await call('/v2/heart', 'get', { signalid: String(one.ecg.signalid) })).body
    expect(body).toEqual({ signal: [5, -3, 900], sampling_frequency: 300, wearposition: 0 })
    expect((await call('/v2/heart', 'get', { signalid: '1' })).body.status).not.toBe(0)
  })

  it('devices and goals are the person’s own', async () => {
    const call = await caller(begin())
    expect((await call('/v2/user', 'getdevice')).body.body.devices[0]).toEqual({
      type: 'Scale',
      model: 'Body Comp',
      model_id: 18,
      battery: 'high',
      deviceid: '9f1c',
      hash_deviceid: '9f1c',
      timezone: 'Europe/Stockholm',
      last_session_date: weighedAt / 1000,
    })
    expect((await call('/v2/user', 'getgoals')).body.body.goals.steps).toBe(10_000)
  })
})

describe("Withings' refusals", () => {
  it('are all 200: no token, no scope, no action, no service, too many requests', async () => {
    const test = begin()
    const call = await caller(test, 'user.metrics')
    const said = [
      await test.ask('POST', '/measure', { form: { action: 'getmeas' } }),
      await call('/v2/sleep', 'get'),
      await call('/measure', 'getmoon'),
      await call('/v9/measure', 'getmeas'),
    ]
    expect(said.map(({ status, body }) => [status, body.status])).toEqual([
      [200, 401],
      [200, 277],
      [200, 2_554],
      [200, 2_554],
    ])
    expect(said[0]?.body.error).toMatch(/token/)
  })

  it('the 121st request of a minute gets status 601, and no headers tell of it', async () => {
    const test = begin()
    const call = await caller(test)
    for (let i = 0; i < 120; i++) await call('/v2/user', 'getgoals')
    const refused = await call('/v2/user', 'getgoals')
    expect([refused.status, refused.body.status]).toEqual([200, 601])
    expect([...refused.headers.keys()]).toEqual(['content-type'])
    test.clock.advance(60_000)
    expect((await call('/v2/user', 'getgoals')).body.status).toBe(0)
  })
})

describe("Withings' notifications", () => {
  it('are subscribed to for each category, once the address has answered HEAD', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send })
    const call = await caller(test)
    const subscribe = async (fields: Record<string, string>) => (await call('/notify', 'subscribe', fields)).body.status
    expect(await subscribe({ callbackurl: hook, appli: '1', comment: 'hub' })).toBe(0)
    expect(got.map(({ method }) => method)).toEqual(['HEAD'])
    expect(await subscribe({ callbackurl: hook, appli: '99' })).toBe(503)
    for (const callbackurl of [
      'http://hub.example/x',
      'https://localhost/x',
      'https://127.0.0.1/x',
      'https://hub.example:8004/x',
      `https://hub.example/${'x'.repeat(250)}`,
    ])
      expect(await subscribe({ callbackurl, appli: '1' })).toBe(293)
    expect((await call('/notify', 'list')).body.body.profiles).toMatchObject([
      { appli: 1, callbackurl: hook, comment: 'hub' },
    ])
    expect((await call('/notify', 'get', { callbackurl: hook, appli: '1' })).body.status).toBe(0)
    await call('/notify', 'update', { callbackurl: hook, appli: '1', new_appli: '4' })
    expect((await call('/notify', 'list', { appli: '4' })).body.body.profiles).toHaveLength(1)
    expect((await call('/notify', 'revoke', { callbackurl: hook, appli: '4' })).body.status).toBe(0)
    expect((await call('/notify', 'revoke', { callbackurl: hook, appli: '4' })).body.status).not.toBe(0)
  })

  it('need the scope of their category, and an address that answers', async () => {
    const test = begin({ send: testReceiver(() => new Response(null, { status: 404 })).send })
    const call = await caller(test, 'user.activity')
    expect((await call('/notify', 'subscribe', { callbackurl: hook, appli: '1' })).body.status).toBe(277)
    expect((await call('/notify', 'subscribe', { callbackurl: hook, appli: '16' })).body.status).toBe(293)
  })

  it('are unsigned forms, by what has come', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    const call = await caller(test)
    for (const appli of ['1', '4', '16', '44', '54']) await call('/notify', 'subscribe', { callbackurl: hook, appli })
    got.length = 0
    for (const recording of [weighing(), pressure, of('ScanWatch', 'a1', run()), of('Sleep Analyzer', 'c7', night())])
      await test.cloud.record(test.account, recording)
    const [{ grpid }] = (await call('/measure', 'getmeas', { category: '1', meastypes: '1' })).body.body.measuregrps
    await test.cloud.deleteRecord(test.account, String(grpid))
    expect(got.map(({ text }) => text)).toEqual([
      `userid=${test.account}&appli=1&startdate=${weighedAt / 1000}&enddate=${weighedAt / 1000 + 1}`,
      expect.stringContaining('appli=4&'),
      expect.stringContaining('appli=16&'),
      expect.stringContaining('appli=44&'),
      expect.stringMatching(/appli=1&.*action=delete/),
    ])
    expect(got[0]?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    expect([...(got[0]?.headers.keys() ?? [])].filter((name) => name.includes('signature'))).toEqual([])
  })

  it('of warmth and of ECGs have categories of their own', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    const call = await caller(test)
    for (const appli of ['1', '2', '54']) await call('/notify', 'subscribe', { callbackurl: hook, appli })
    got.length = 0
    const session = {
      kind: 'session' as const,
      type: 'ecg' as const,
      start: weighedAt,
      end: weighedAt + 30_000,
      externalId: 'e',
      totals: {},
      parts: [],
    }
    const warmth = recordingOf('warmth', series('body_temperature', weighedAt, 1, [36.6]))
    for (const recording of [warmth, recordingOf('ecg', session)])
      await test.cloud.record(test.account, of('Thermo', 't1', recording))
    expect(got.map(({ text }) => /appli=(\d+)/.exec(text)?.[1])).toEqual(['2', '54'])
  })

  it('say last of all that the person has left, to who listens for that', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    const call = await caller(test)
    for (const appli of ['1', '46']) await call('/notify', 'subscribe', { callbackurl: hook, appli })
    got.length = 0
    await test.cloud.revoke(test.account, test.app.clientId)
    expect(got.map(({ text }) => text)).toEqual([`userid=${test.account}&appli=46&action=unlink`])
  })

  it('end after four failures in a row, and with the person', async () => {
    let status = 200
    const { got, send } = testReceiver(() => new Response(null, { status }))
    const test = begin({ send, account: { recordings: [] } })
    const call = await caller(test)
    const subscribe = () => call('/notify', 'subscribe', { callbackurl: hook, appli: '1' })
    await subscribe()
    status = 500
    for (let i = 0; i < 6; i++) await test.cloud.record(test.account, weighing(`w${i}`, 70, weighedAt + i * hour))
    expect(got.filter(({ method }) => method === 'POST')).toHaveLength(4)
    expect((await call('/notify', 'list')).body.body.profiles).toEqual([])
    status = 200
    await subscribe()
    await test.cloud.revoke(test.account, test.app.clientId)
    await test.cloud.record(test.account, weighing('x', 71))
    expect(got.filter(({ method }) => method === 'POST')).toHaveLength(4)
    await test.cloud.deleteAccount(test.account)
    await expect(codeOf(test)).rejects.toThrow('no account')
  })
})
