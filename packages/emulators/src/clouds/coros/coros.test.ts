import { describe, expect, it } from 'vitest'
import { crcOf } from '../kit/fit.ts'
import {
  callback,
  consent,
  type Loose,
  origin,
  type TestCloud,
  type TestCloudOptions,
  testCloud,
  testReceiver,
} from '../kit/test-cloud.ts'
import { at, day, night, run } from '../kit/test-recordings.ts'
import { coros } from './index.ts'

const hook = 'https://hub.example/hooks/coros/secret'
const minute = 60_000

const begin = (options: TestCloudOptions = {}) =>
  testCloud(coros, { account: { recordings: [run(), night(), day()] }, app: { webhookUrl: hook }, ...options })

const tokenOf = ({ ask, app }: TestCloud, path: string, form: Record<string, string>) =>
  ask('POST', `/oauth2/${path}`, { form: { client_id: app.clientId, client_secret: app.clientSecret, ...form } })

async function connect(test: TestCloud) {
  const { code = '' } = await consent(test, '/oauth2/authorize', { scope: 'workout' })
  return (await tokenOf(test, 'accesstoken', { grant_type: 'authorization_code', code, redirect_uri: callback })).body
}

async function reader(test: TestCloud) {
  const { access_token: token } = await connect(test)
  return (path: string, more: Record<string, string> = {}) =>
    test.ask('GET', `${path}?${new URLSearchParams({ token, openId: test.account, ...more })}`)
}

const november = { startDate: '20261101', endDate: '20261110' }

describe('signing in at COROS', () => {
  it('gives the open id, and a token for 30 days', async () => {
    const test = begin()
    expect(await connect(test)).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 2_592_000,
      refresh_token: expect.any(String),
      openId: test.account,
    })
    expect(await consent(test, '/oauth2/authorize', {}, { button: 'cancel' })).toMatchObject({ error: 'access_denied' })
    const { code = '' } = await consent(test, '/oauth2/authorize', {})
    test.clock.advance(30 * minute)
    const late = await tokenOf(test, 'accesstoken', { grant_type: 'authorization_code', code, redirect_uri: callback })
    expect([late.status, late.body.result]).toEqual([200, '5006'])
  })

  it('a refresh lengthens the same token and tells no new one', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    const bound = async () => (await test.ask('GET', '/v2/user', { token })).body
    test.clock.advance(29 * 24 * 60 * minute)
    const { body } = await tokenOf(test, 'refresh-token', { grant_type: 'refresh_token', refresh_token })
    expect(body).toEqual({ result: '0000', message: 'OK', expires_in: 2_592_000 })
    test.clock.advance(29 * 24 * 60 * minute)
    expect(await bound()).toEqual({ result: '0000', message: 'OK', data: { openId: test.account } })
    test.clock.advance(2 * 24 * 60 * minute)
    expect((await bound()).result).toBe('5006')
    expect((await tokenOf(test, 'refresh', { grant_type: 'refresh_token', refresh_token })).body.result).toBe('0000')
  })

  it('the open id may be missing there: only a bearer asks for it, and only the query asks for data', async () => {
    const test = begin({ account: { traits: ['no_open_id'] } })
    const tokens = await connect(test)
    const { access_token: token } = tokens
    expect(tokens).not.toHaveProperty('openId')
    expect((await test.ask('GET', '/v2/user', { token })).body.data).toEqual({ openId: test.account })
    expect((await test.ask('GET', `/v2/user?token=${token}`)).body.result).toBe('5006')
    const list = `/v2/coros/sport/list?${new URLSearchParams({ openId: test.account, ...november })}`
    expect((await test.ask('GET', list, { token })).body.result).toBe('5006')
    expect((await test.ask('GET', `${list}&token=${token}`)).body.result).toBe('0000')
  })

  it('leaving ends the token; who is bound can be asked', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const bindState = () => test.ask('GET', `/coros/bindState?openId=${test.account}`, { headers: { token } })
    expect((await bindState()).body.data).toEqual({ bindState: 1 })
    expect((await test.ask('POST', `/oauth2/deauthorize?token=${token}`)).body.result).toBe('0000')
    expect((await bindState()).body.result).toBe('5006')
  })

  it('an app that is taken out, and an account that ends, are 5006 with 200, and nothing more is pushed', async () => {
    for (const end of ['revoke', 'deleteAccount'] as const) {
      const { got, send } = testReceiver(() => new Response('{"message":"ok","result":"0000"}'))
      const test = begin({ send })
      const { access_token: token, refresh_token } = await connect(test)
      await test.cloud[end](test.account, test.app.clientId)
      const user = await test.ask('GET', '/v2/user', { token })
      expect([user.status, user.body.result]).toEqual([200, '5006'])
      const refreshed = await tokenOf(test, 'refresh-token', { grant_type: 'refresh_token', refresh_token })
      expect([refreshed.status, refreshed.body.result]).toEqual([200, '5006'])
      if (end === 'revoke') await test.cloud.record(test.account, run('later'))
      test.clock.advance(10 * minute)
      await test.cloud.catchUp()
      expect(got).toEqual([])
    }
  })
})

describe("COROS's workouts", () => {
  it('have ids of 64 bits as bare numbers, which a double cannot hold', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const url = `${origin}/v2/coros/sport/list?${new URLSearchParams({ token, openId: test.account, ...november })}`
    const text = await (await test.cloud.handle(new Request(url))).text()
    const label = /"labelId":(\d{18}),/.exec(text)?.[1]
    expect(Number.isSafeInteger(Number(label))).toBe(false)
  })

  it('have pace for speed, small calories and zones in quarters of an hour', async () => {
    const get = await reader(begin())
    const { result, message, data } = (await get('/v2/coros/sport/list', november)).body
    expect([result, message, data.length]).toEqual(['0000', 'OK', 1])
    expect(data[0]).toMatchObject({
      mode: 8,
      subMode: 1,
      deviceName: 'Aurora Pulse',
      distance: 2_400,
      calorie: 140_000,
      avgSpeed: 250,
      avgFrequency: 168,
      startTime: at('2026-11-03T11:04:12Z') / 1000,
      startTimezone: 4,
      endTimezone: 4,
      duration: 590,
      triathlonItemList: null,
      fitUrl: expect.stringMatching(/\/fit\/[0-9a-f]{32}\/\d{18}\.fit\?/),
    })
  })

  it('are asked for by local dates, 30 days at once, three months back', async () => {
    const get = await reader(begin())
    const result = async (startDate: string, endDate: string) => {
      const { result, data } = (await get('/v2/coros/sport/list', { startDate, endDate })).body
      return data ? data.length : result
    }
    expect(await result('20261103', '20261103')).toBe(1)
    expect(await result('20261104', '20261110')).toBe(0)
    expect(await result('20261012', '20261110')).toBe(1)
    expect(await result('20261011', '20261110')).toBe('1031')
    expect(await result('20260801', '20260805')).toBe('1031')
    expect(await result('2026-11-01', '2026-11-05')).toBe('1031')
    expect(await result('20261111', '20261111')).toBe(0)
    expect(await result('20261112', '20261112')).toBe('1031')
  })

  it('a file address expires; a fresh one is got by label and mode', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const get = await reader(test)
    const [workout] = (await get('/v2/coros/sport/list', november)).body.data
    const fetched = (url: string) => test.cloud.handle(new Request(url))
    const bytes = Buffer.from(await (await fetched(workout.fitUrl)).arrayBuffer())
    expect([bytes.subarray(8, 12).toString(), crcOf(bytes)]).toEqual(['.FIT', 0])
    test.clock.advance(60 * minute)
    expect((await fetched(workout.fitUrl)).status).toBe(403)
    const labelId = /\/(\d{18})\.fit/.exec(workout.fitUrl)?.[1] ?? ''
    const detail = await test.ask(
      'GET',
      `/v2/coros/sport/detail/fit?${new URLSearchParams({ token, openId: test.account, labelId, mode: '8', subMode: '1' })}`,
    )
    expect((await fetched(detail.body.data.fitUrl)).status).toBe(200)
    expect((await get('/v2/coros/sport/detail/fit', { labelId, mode: '9', subMode: '1' })).body.result).toBe('1031')
  })

  it('may lack the address of their file, or the file; a plan has an id of 64 bits too', async () => {
    const start = at('2026-11-05T08:00:00Z')
    const test = begin({
      account: {
        recordings: [
          run('unlisted', { extra: { file: 'unlisted', plan: true } }),
          run('none', { start, end: start + 600_000, extra: { file: 'none' } }),
        ],
      },
    })
    const { access_token: token } = await connect(test)
    const query = new URLSearchParams({ token, openId: test.account })
    const asked = (path: string, more: Record<string, string>) =>
      test.cloud.handle(new Request(`${origin}${path}?${query}&${new URLSearchParams(more)}`)).then((one) => one.text())
    const list = await asked('/v2/coros/sport/list', november)
    expect(list).not.toContain('fitUrl')
    expect(list).toMatch(/"planWorkoutId":\d{18},.*"planWorkoutId":null/)
    const [unlisted = '', none = ''] = [...list.matchAll(/"labelId":(\d+)/g)].map(([, label]) => label)
    const file = (labelId: string) => asked('/v2/coros/sport/detail/fit', { labelId, mode: '8', subMode: '1' })
    expect(await file(unlisted)).toContain('/fit/')
    expect(await file(none)).toContain('"result":"1031"')
  })

  it('are told in kcal as well, as the days are; a day is a number or a text', async () => {
    const get = await reader(begin({ account: { recordings: [run(), day()], traits: ['kcal', 'texts'] } }))
    expect((await get('/v2/coros/sport/list', november)).body.data).toMatchObject([{ calorie: 140 }])
    const { dailyList } = (await get('/coros/daily/query', november)).body.data
    expect(dailyList.map(({ happenDay }: Loose) => happenDay)).toContain('20261104')
  })

  it('of several sports have a file for each leg and none themselves', async () => {
    const get = await reader(
      begin({
        account: { recordings: [run('tri', { extra: { legs: ['swimming_open_water', 'cycling', 'running'] } })] },
      }),
    )
    const [workout] = (await get('/v2/coros/sport/list', november)).body.data
    expect([workout.mode, workout.fitUrl]).toEqual([13, undefined])
    expect(
      workout.triathlonItemList.map(({ mode, fitUrl }: Loose) => [mode, new URL(fitUrl).searchParams.get('leg')]),
    ).toEqual([
      [10, '0'],
      [9, '1'],
      [8, '2'],
    ])
  })
})

describe("COROS's days", () => {
  it('name the day of waking up, and times without a zone', async () => {
    const get = await reader(begin())
    const { dailyList } = (await get('/coros/daily/query', november)).body.data
    const { hrvList, ...today } = dailyList.find(({ happenDay }: Loose) => happenDay === 20261104)
    expect(today).toEqual({
      happenDay: 20261104,
      step: 3_600,
      calorie: 450,
      rhr: 49,
      sleepStartTime: '2026-11-03 23:10:00',
      sleepEndTime: '2026-11-04 06:40:00',
      sleepAvgHr: 50,
      ppgHrv: 62,
      startTimezone: 4,
      endTimezone: 4,
    })
    expect(hrvList.slice(0, 2)).toEqual([
      { timestamp: at('2026-11-03T22:10:00Z') / 1000, hrv: 64, hr: 50 },
      { timestamp: at('2026-11-03T22:15:00Z') / 1000, hrv: 60, hr: 48 },
    ])
  })
})

describe("COROS's errors", () => {
  it('come with 200: a wrong token, a wrong open id, a permission that is not enabled', async () => {
    const get = await reader(begin())
    const result = async (more: Record<string, string>) => {
      const { status, body } = await get('/coros/daily/query', { ...november, ...more })
      return [status, body.result]
    }
    expect(await result({ token: 'x' })).toEqual([200, '5006'])
    expect(await result({ openId: 'x' })).toEqual([200, '5010'])
    const barred = await reader(begin({ account: { traits: ['not_permitted'] } }))
    expect((await barred('/coros/daily/query', november)).body.result).toBe('30009')
  })

  it('too many calls are 429', async () => {
    const get = await reader(begin({ limits: [1] }))
    await get('/coros/bindState')
    expect((await get('/coros/bindState')).status).toBe(429)
  })
})

describe("COROS's webhook", () => {
  it('looks first whether anybody is there, then sends every five minutes what came meanwhile', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    await connect(test)
    await test.cloud.record(test.account, run('one'))
    await test.cloud.record(
      test.account,
      run('two', { start: at('2026-11-05T08:00:00Z'), end: at('2026-11-05T08:10:00Z') }),
    )
    expect(got).toEqual([])
    test.clock.advance(5 * minute)
    await test.cloud.catchUp()
    expect(got.map(({ method }) => method)).toEqual(['GET', 'POST'])
    expect(got[0]?.headers.get('secret')).toBeNull()
    expect([got[1]?.headers.get('client'), got[1]?.headers.get('secret')]).toEqual([
      test.app.clientId,
      test.app.clientSecret,
    ])
    const { sportDataList } = JSON.parse(got[1]?.text ?? '')
    expect(sportDataList.map(({ openId }: Loose) => openId)).toEqual([test.account, test.account])
    expect(got[1]?.text).toMatch(/"labelId":\d{18},/)
  })

  it('is tried twice again, then never; a correction has the same label', async () => {
    const { got, send } = testReceiver(
      (request) => new Response(null, { status: request.method === 'GET' ? 200 : 503 }),
    )
    const test = begin({ send, account: { recordings: [] } })
    await connect(test)
    await test.cloud.record(test.account, run())
    for (const minutes of [5, 5, 15, 600]) {
      test.clock.advance(minutes * minute)
      await test.cloud.catchUp()
    }
    const posts = () => got.filter(({ method }) => method === 'POST')
    expect(posts()).toHaveLength(3)
    await test.cloud.record(test.account, run('run', { totals: { distance: 1 } }))
    test.clock.advance(5 * minute)
    await test.cloud.catchUp()
    const labels = posts().map(({ text }) => /"labelId":(\d+)/.exec(text)?.[1])
    expect([labels.length, new Set(labels).size]).toEqual([4, 1])
  })
})
