import { describe, expect, test } from 'vitest'
import type { FetchContext, ReadContext } from '../kit/feed.ts'
import type { AppKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { coros } from './index.ts'

type Item = Record<string, unknown>
const [run, triathlon] = fixture<Item[]>(import.meta.url, 'workouts') as [Item, Item & { triathlonItemList: Item[] }]
const [day] = fixture<Item[]>(import.meta.url, 'daily') as [Item]
const context: ReadContext = { account: '7c0e', now: Date.UTC(2026, 10, 13), timeZone: 'Europe/Madrid' }
const fetching: FetchContext = { ...context, scopes: ['workout'] }
const { workouts, daily } = coros.feeds
const at = Date.parse
const fit = Uint8Array.from([14, 32, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('.FIT'), 0, 0])

const told = (feed: typeof workouts, record: unknown) => {
  const result = readRecord(feed, record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result.told
}

describe('what COROS holds becomes readings', () => {
  test('a run becomes one workout: its pace a speed, its zone in quarters of an hour, its energy in kcal', () => {
    expect((readRecord(workouts, run, context) as ReadRecord).source).toEqual({
      key: 'COROS PACE Pro',
      name: 'COROS PACE Pro',
      manufacturer: 'COROS',
      model: 'PACE Pro',
    })
    expect(told(workouts, { ...run, fit })).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        start: 1_794_214_800_000,
        end: 1_794_217_790_000,
        offset: 60,
        externalId: '459812207731114021',
        totals: {
          duration: 2990,
          active_duration: 2982,
          distance: 10_042,
          energy_active: 688,
          speed_avg: 1000 / 297,
          cadence_steps_avg: 176,
          steps: 8740,
        },
        parts: [],
        extra: { mode: 8, sub_mode: 1 },
      },
      { kind: 'file', format: 'fit', bytes: fit, externalId: '459812207731114021' },
    ])
  })

  test.each([
    [688_000, 2990, 688],
    [19_000, 600, 19], // a stroll, in small calories
    [450, 2990, 450], // an hour, in kcal
    [0, 2990, 0],
  ])('%s calories in %s seconds are %s kcal, in whichever unit they were told', (calorie, seconds, kcal) => {
    const endTime = Number(run['startTime']) + seconds
    expect(told(workouts, { ...run, calorie, endTime })).toMatchObject([{ totals: { energy_active: kcal } }])
  })

  test('a triathlon is told by its legs, each with its own file, and not once more as a whole', () => {
    const [swim, ride] = triathlon.triathlonItemList
    const legs = [
      { ...swim, fit },
      { ...ride, fit_missing: 'gone' },
    ]
    expect(told(workouts, { ...triathlon, triathlonItemList: legs })).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'swimming_open_water',
        start: 1_794_300_000_000,
        end: 1_794_301_800_000,
        offset: -300,
        externalId: '459812207731114099:1',
        totals: { duration: 1800, active_duration: 1800, distance: 1500, energy_active: 300, cadence_avg: 28 },
        parts: [],
        extra: { mode: 10, sub_mode: 1, part_of: '459812207731114099' },
      },
      { kind: 'file', format: 'fit', bytes: fit, externalId: '459812207731114099:1' },
      {
        kind: 'session',
        type: 'workout',
        activity: 'cycling',
        start: 1_794_301_900_000,
        end: 1_794_307_200_000,
        offset: -300,
        externalId: '459812207731114099:2',
        totals: {
          duration: 5300,
          active_duration: 5200,
          distance: 29_000,
          energy_active: 600,
          speed_avg: 1000 / 186,
          cadence_avg: 88,
          steps: 0,
        },
        parts: [],
        extra: { mode: 9, sub_mode: 1, part_of: '459812207731114099', file_missing: 'gone' },
      },
    ])
  })

  test('a leg without a start begins where the one before it ended; an unknown sport keeps its numbers', () => {
    const legs = [
      { mode: 10, subMode: 1, duration: 100 },
      { mode: 77, subMode: 3, duration: 50 },
    ]
    expect(told(workouts, { ...triathlon, triathlonItemList: legs })[1]).toMatchObject({
      activity: 'other',
      start: 1_794_300_100_000,
      extra: { mode: 77, sub_mode: 3 },
    })
  })

  test('a day has its figures, its night by wall times in its own zone, and the course of its variability', () => {
    expect(told(daily, day)).toEqual([
      { kind: 'day', metric: 'steps', date: '2026-11-12', value: 10_455 },
      { kind: 'day', metric: 'energy_total', date: '2026-11-12', value: 2440 },
      { kind: 'day', metric: 'resting_heart_rate', date: '2026-11-12', value: 46 },
      { kind: 'day', metric: 'hrv_rmssd', date: '2026-11-12', value: 63, quality: 'unknown' },
      {
        kind: 'session',
        type: 'sleep',
        start: at('2026-11-11T22:04:00Z'),
        end: at('2026-11-12T05:51:00Z'),
        offset: 60,
        externalId: 'sleep:2026-11-12',
        totals: { duration: 28_020, sleep_time_in_bed: 28_020, sleep_heart_rate_avg: 49 },
        parts: [],
      },
      {
        kind: 'series',
        metric: 'hrv_rmssd',
        t: Float64Array.of(1_794_438_000_000, 1_794_438_300_000),
        v: Float64Array.of(59, 66),
        qualities: Uint32Array.of(4, 4),
        offset: 60,
      },
      {
        kind: 'series',
        metric: 'heart_rate',
        t: Float64Array.of(1_794_438_000_000, 1_794_438_300_000),
        v: Float64Array.of(50, 48),
        offset: 60,
      },
    ])
  })

  test('a night fallen asleep in another zone uses each end’s own; one without a start’s zone uses the end’s', () => {
    const night = (zones: object) => told(daily, { ...day, ...zones }).find(({ kind }) => kind === 'session')
    expect(night({ startTimezone: 32 })).toMatchObject({
      start: at('2026-11-11T15:04:00Z'),
      end: at('2026-11-12T05:51:00Z'),
    })
    expect(night({ startTimezone: undefined })).toMatchObject({ start: at('2026-11-11T22:04:00Z') })
  })

  test('a day of zeros is a day without data; one that is no day is told to be none', () => {
    expect(told(daily, { happenDay: '20261113', step: 0, calorie: 0, rhr: 0, ppgHrv: 0, hrvList: [] })).toEqual([])
    expect(readRecord(daily, { happenDay: 7 }, context)).toMatchObject({ code: 'record_unreadable' })
  })

  test('every field is read, or left out with a reason', () => {
    const [swim, ride] = triathlon.triathlonItemList
    const filed = {
      ...triathlon,
      triathlonItemList: [
        { ...swim, fit },
        { ...ride, fit_missing: 'gone' },
      ],
    }
    // What the whole of a triathlon says of itself is said by its legs.
    expect(judgeLeaves(workouts, [{ ...run, fit, fit_missing: 'x' }, filed], context)).toEqual({
      unmapped: [],
      listedButMapped: [],
    })
    expect(judgeLeaves(daily, [day], context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('asking', () => {
  const window = { from: Date.UTC(2026, 10, 8), to: Date.UTC(2026, 10, 12) }
  const ok = (data: unknown) => ({ result: '0000', message: 'OK', data })
  const list = 'GET /v2/coros/sport/list?startDate=20261107&endDate=20261113'
  const file = 'GET /fit/40112233/459812207731114021.fit?sig=abc'
  const detail = 'GET /v2/coros/sport/detail/fit?labelId=459812207731114021&mode=8&subMode=1'
  const fetched = (recorded: Record<string, unknown>) => {
    const http = testHttp(coros, answers(recorded))
    return { http, records: recordsOf(workouts.fetch?.(http, window, fetching)) }
  }

  test('an id of 64 bits keeps its last digit, though it comes without quotes', async () => {
    const text = JSON.stringify(ok([{ ...run, fitUrl: null }])).replace('"459812207731114021"', '459812207731114021')
    const { records } = fetched({ [list]: new Response(text), [detail]: new Response(null, { status: 404 }) })
    expect(told(workouts, (await records)[0])[0]).toMatchObject({ externalId: '459812207731114021' })
  })

  test('an address that grew old is refused by the storage, and a fresh one is asked for once', async () => {
    const fresh = {
      labelId: '459812207731114021',
      mode: 8,
      subMode: 1,
      fitUrl: 'https://d9.cloudfront.net/fit/4/x.fit?sig=new',
    }
    const { records, http } = fetched({
      [list]: ok([run]),
      [file]: new Response(null, { status: 403 }),
      [detail]: ok(fresh),
      'GET /fit/4/x.fit?sig=new': new Response(fit),
    })
    expect(await records).toMatchObject([{ fit }])
    expect(http.requests).toEqual([list, file, detail, 'GET /fit/4/x.fit?sig=new'])
  })

  test('a workout that was read before is listed again, but its file is not fetched again', async () => {
    const http = testHttp(coros, answers({ [list]: ok([run]) }))
    const isKnown = async (key: string) => key === '459812207731114021'
    expect(await recordsOf(workouts.fetch?.(http, window, { ...fetching, isKnown }))).toEqual([run])
  })

  test('the file of another workout is not taken for this one, which is told without it', async () => {
    const other = { labelId: '1', mode: 8, subMode: 1, fitUrl: 'https://oss.coros.com/fit/4/x.fit' }
    const { records } = fetched({ [list]: ok([run]), [file]: new Response(null, { status: 404 }), [detail]: ok(other) })
    expect(await records).toMatchObject([{ fit_missing: 'the file’s address answered 404' }])
    const { records: bare } = fetched({ [list]: ok([{ ...run, fitUrl: null }]), [detail]: ok(other) })
    expect(await bare).toMatchObject([{ fit_missing: 'COROS answered with the file of another workout' }])
  })

  test('a workout of which COROS has no file holds up no other; a token that has ended does', async () => {
    const bare = { ...run, fitUrl: null }
    const { records } = fetched({ [list]: ok([bare]), [detail]: { result: '1031', message: 'no such file' } })
    expect(await records).toMatchObject([{ fit_missing: 'COROS answered with its code 1031' }])
    const ended = fetched({ [list]: ok([bare]), [detail]: { result: '5006', message: 'x' } })
    await expect(ended.records).rejects.toMatchObject({ fault: 'auth' })
  })

  test('a file that lies elsewhere is not fetched, and the workout is told without it', async () => {
    for (const fitUrl of [
      'https://evil.example/fit/1/a.fit',
      'https://d1.cloudfront.net/other.fit',
      'http://oss.coros.com/fit/1/a.fit',
      'file:///etc/passwd',
    ]) {
      const { records, http } = fetched({
        [list]: ok([{ ...run, fitUrl }]),
        [detail]: new Response(null, { status: 404 }),
      })
      expect(told(workouts, (await records)[0])).toMatchObject([
        { kind: 'session', extra: { file_missing: expect.any(String) } },
      ])
      expect(http.requests).toEqual([list, detail])
    }
  })

  test('the legs of a triathlon have files, the whole has none', async () => {
    const { records } = fetched({
      [list]: ok([triathlon]),
      'GET /fit/40112233/a.fit?sig=1': new Response(fit),
      'GET /fit/40112233/b.fit?sig=2': new Response(fit),
    })
    expect(await records).toMatchObject([{ triathlonItemList: [{ fit }, { fit }] }])
  })

  test('what is older than three months is not asked for, and tomorrow is the last day that is', async () => {
    const nothing = testHttp(coros, answers({}))
    const old = { from: Date.UTC(2026, 5, 1), to: Date.UTC(2026, 5, 20) }
    expect(await recordsOf(daily.fetch?.(nothing, old, fetching))).toEqual([])
    expect(nothing.requests).toEqual([])
    const http = testHttp(
      coros,
      answers({ 'GET /coros/daily/query?startDate=20261111&endDate=20261114': ok({ dailyList: [day] }) }),
    )
    const now = { from: Date.UTC(2026, 10, 12), to: Date.UTC(2026, 10, 30) }
    expect(await recordsOf(daily.fetch?.(http, now, fetching))).toEqual([day])
    expect(daily.windowDays + 3).toBeLessThanOrEqual(30)
  })

  test.each([
    ['5006', 'auth'],
    ['5010', 'auth'],
    ['5016', 'unavailable'],
    ['30009', 'scope'],
    ['1031', 'bad_data'],
  ])('a result of %s in an answer with status 200 is an error: %s', async (result, fault) => {
    const http = testHttp(coros, () => Response.json({ result, message: 'x' }))
    await expect(recordsOf(daily.fetch?.(http, window, fetching))).rejects.toMatchObject({ fault })
  })

  test('a refresh makes the old token live longer when it brings no new one', () => {
    const { readToken, refusesGrant, carries, refreshUrl } = coros.auth
    const answer = {
      access_token: 'rg2',
      token_type: 'bearer',
      expires_in: 2_592_000,
      refresh_token: 'rt',
      openId: '7c0e',
    }
    expect(readToken?.(answer)).toEqual({
      accessToken: 'rg2',
      refreshToken: 'rt',
      expiresIn: 2_592_000,
      account: '7c0e',
    })
    expect(readToken?.({ result: '0000', message: 'OK' }, { accessToken: 'old' })).toEqual({ accessToken: 'old' })
    expect(() => readToken?.({ result: '0000' })).toThrow('no access token')
    expect(() => readToken?.({ result: '5006' }, { accessToken: 'old' })).toThrow('5006')
    expect([refusesGrant?.(200, { result: '5006' }), refusesGrant?.(200, { result: '5016' })]).toEqual([true, false])
    expect(carries?.('t', 'me')).toEqual({ query: { token: 't', openId: 'me' } })
    expect(refreshUrl).toBe('https://open.coros.com/oauth2/refresh-token')
  })

  test('the account comes with the token, and is asked for where it does not; leaving an ended grant is no error', async () => {
    const http = testHttp(
      coros,
      answers({
        'GET /v2/user': ok({ openId: 'asked' }),
        'POST /oauth2/deauthorize?token=t': { result: '5006', message: 'x' },
      }),
    )
    expect(await coros.account(http, { accessToken: 't', account: 'told' })).toEqual({ account: 'told', profile: {} })
    expect(await coros.account(http, { accessToken: 't' })).toEqual({ account: 'asked', profile: {} })
    await coros.leave(http, { accessToken: 't' })
    expect(http.requests).toEqual(['GET /v2/user', 'POST /oauth2/deauthorize?token=t'])
  })
})

describe('notices', () => {
  const app: AppKeys = { clientId: 'id', clientSecret: 'cs', extra: {} }
  const keys = { app, secret: 'p' }
  const post = (content: unknown, headers: Record<string, string> = { client: 'id', secret: 'cs' }): HookRequest => ({
    method: 'POST',
    headers,
    query: new URLSearchParams(),
    body: new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)),
    at: 0,
  })
  const { verify, read, handshake, answer } = coros.webhook

  test('the app’s id and secret must both be ours', () => {
    expect(verify(post({}), keys)).toEqual({ kind: 'proven' })
    for (const headers of [{ client: 'id', secret: 'x' }, { client: 'x', secret: 'cs' }, {}])
      expect(verify(post({}, headers as Record<string, string>), keys)).toMatchObject({ kind: 'refused' })
    expect(verify(post({}), { app: undefined, secret: 'p' })).toMatchObject({ kind: 'refused' })
  })

  test('a GET only asks whether we are there', () => {
    expect(handshake?.({ ...post({}), method: 'GET' }, keys)).toEqual({ status: 200 })
    expect(handshake?.(post({}), keys)).toBeUndefined()
    expect(answer?.body).toBe('{"message":"ok","result":"0000"}')
  })

  test('a workout is told whole, and its files are fetched; ids keep their digits on the way', async () => {
    const text = JSON.stringify({ sportDataList: [run, { ...run, openId: undefined }] }).replaceAll(
      '"459812207731114021"',
      '459812207731114021',
    )
    const notices = read(post(text))
    expect(notices).toMatchObject([{ account: '7c0e4b2f9a4d4f6f8f6f2ad7c5e1b0aa', kind: 'changed', feed: 'workouts' }])
    const [notice] = notices as unknown as [{ record: string }]
    const http = testHttp(coros, () => new Response(fit))
    const [record] = await recordsOf(workouts.fetchOne?.(http, notice.record, fetching))
    expect(record).toMatchObject({ labelId: '459812207731114021', fit })
    expect(read(post(text))).toEqual(notices)
  })

  test('days that are pushed come as they are; what is not JSON is refused', () => {
    const push = {
      batchDailyList: [
        { openId: 'a', dailyList: [day] },
        { openId: 'b', dailyList: [] },
      ],
    }
    expect(read(post(push))).toMatchObject([{ account: 'a', kind: 'records', feed: 'daily', records: [day] }])
    expect(() => read(post('<html>'))).toThrow('not JSON')
  })
})
