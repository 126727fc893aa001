import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext, Told } from '../kit/feed.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { dexcom } from './index.ts'

type Fields = Record<string, unknown>
const records = fixture<Record<string, Fields[]>>(import.meta.url, 'records')
const of = (name: string, i = 0) => records[name]?.[i] as Fields
const context: ReadContext = { account: 'b1c0', now: Date.parse('2026-10-14T08:00:00Z'), timeZone: 'Europe/Berlin' }
const fetching: FetchContext = { ...context, scopes: ['offline_access'] }
const feeds: Readonly<Record<string, Feed>> = dexcom.feeds
const feedOf = (name: string): Feed => feeds[name] as Feed
const at = Date.parse

function read(feed: string, record: unknown): ReadRecord {
  const result = readRecord(feedOf(feed), record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
const tell = (feed: string, record: unknown): readonly Told[] => read(feed, record).told

describe('what Dexcom holds becomes readings', () => {
  const t = at('2026-10-13T06:55:14Z')
  const fingerstick = { key: 'fingerstick', name: 'Fingersticks', app: 'Dexcom' }

  test('a value keeps the unit in which it was said, its trend and the zone that the two clocks tell', () => {
    const { source, told } = read('egvs', of('egvs'))
    expect(source).toEqual({ key: 'g7', name: 'Dexcom G7', manufacturer: 'Dexcom', model: 'G7' })
    expect(told).toEqual([
      { kind: 'sample', metric: 'blood_glucose', t, offset: 120, value: 134, unit: 'mg/dL', method: 'automatic' },
      {
        kind: 'sample',
        metric: 'glucose_trend_rate',
        t,
        offset: 120,
        value: -1.1,
        unit: 'mg/dL/min',
        method: 'automatic',
      },
    ])
  })

  test('39 and 401 are no numbers: what is out of the sensor’s range lies at its edge and is trusted less', () => {
    const low = { value: 40, unit: 'mg/dL', quality: 'poor' }
    const high = { value: 400, unit: 'mg/dL', quality: 'poor' }
    expect(tell('egvs', { ...of('egvs'), value: 39, status: 'low' })[0]).toMatchObject(low)
    expect(tell('egvs', { ...of('egvs'), value: 39, status: null })[0]).toMatchObject(low)
    expect(tell('egvs', { ...of('egvs'), value: 401, status: 'high' })[0]).toMatchObject(high)
    expect(tell('egvs', { ...of('egvs'), value: 22.3, unit: 'mmol/L', status: 'high' })[0]).toMatchObject(high)
    expect(tell('egvs', { ...of('egvs'), value: 5.6, unit: 'mmol/L' })[0]).toMatchObject({ value: 5.6, unit: 'mmol/L' })
    expect(tell('egvs', of('egvs'))[0]).not.toHaveProperty('quality')
  })

  test('a value whose unit is not said is put aside; a trend that could not be worked out is not told', () => {
    expect(readRecord(feedOf('egvs'), { ...of('egvs'), unit: 'unknown' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
    expect(tell('egvs', { ...of('egvs'), trendRate: null })).toHaveLength(1)
  })

  test('the same value from a new phone is the same reading of the same source', () => {
    const again = { ...of('egvs'), recordId: 'other', displayDevice: 'android', displayApp: 'G6', transmitterId: '' }
    expect(read('egvs', again)).toEqual(read('egvs', of('egvs')))
  })

  test.each([
    ['2026-10-13T06:55:14', '2026-10-13T08:55:14'], // as version 2 wrote them
    ['2026-10-13T6:55:14Z', '2026-10-13T08:55:20+02:00'], // clocks that differ by seconds
    ['2026-10-13T06:55:14.250Z', '2026-10-13T08:55:14+0200'],
  ])('times are read as they are written: %s', (systemTime, displayTime) => {
    expect(tell('egvs', { ...of('egvs'), systemTime, displayTime })[0]).toMatchObject({ t, offset: 120 })
  })

  test('seconds may be missing, and half an hour is a zone too', () => {
    const times = { systemTime: '2026-10-13T06:55Z', displayTime: '2026-10-13T12:25+05:30' }
    expect(tell('egvs', { ...of('egvs'), ...times })[0]).toMatchObject({ t: at('2026-10-13T06:55:00Z'), offset: 330 })
    expect(tell('egvs', { ...of('egvs'), displayTime: null })[0]).not.toHaveProperty('offset')
    expect(readRecord(feedOf('egvs'), { ...of('egvs'), systemTime: 'noon' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('a calibration is a fingerstick, kept apart from the sensor’s course', () => {
    const { source, told } = read('calibrations', of('calibrations'))
    expect(source).toEqual(fingerstick)
    expect(told).toEqual([
      {
        kind: 'sample',
        metric: 'blood_glucose',
        t: at('2026-10-13T07:00:00Z'),
        offset: 120,
        value: 128,
        unit: 'mg/dL',
        method: 'active',
        recordId: 'c-1',
      },
    ])
    expect(readRecord(feedOf('calibrations'), { ...of('calibrations'), unit: 'x' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('entries of food, insulin, movement, blood and illness become what they are; their values are texts', () => {
    const sample = (recordId: string, metric: string, time: string, value: number, unit: string) => ({
      kind: 'sample',
      metric,
      t: at(time),
      offset: 120,
      value,
      unit,
      method: 'manual',
      recordId,
    })
    expect((records['events'] ?? []).flatMap((event) => tell('events', event))).toEqual([
      sample('e-1', 'carbohydrates_intake', '2026-10-13T10:00:00Z', 42, 'g'),
      sample('e-2', 'insulin_delivery', '2026-10-13T10:05:00Z', 4.5, 'units'),
      {
        kind: 'session',
        type: 'workout',
        activity: 'other',
        start: at('2026-10-13T16:00:00Z'),
        end: at('2026-10-13T16:30:00Z'),
        offset: 120,
        externalId: 'e-3',
        totals: { duration: 1_800 },
        parts: [],
        extra: { manual: true, intensity: 'medium' },
      },
      sample('e-4', 'blood_glucose', '2026-10-13T17:00:00Z', 110, 'mg/dL'),
      {
        kind: 'event',
        metric: 'symptom',
        start: at('2026-10-13T18:00:00Z'),
        value: { value: 'illness' },
        offset: 120,
        externalId: 'e-5',
      },
      { kind: 'forget', externalId: 'e-6' },
    ])
    expect(read('events', of('events', 3)).source).toEqual(fingerstick)
    expect(read('events', of('events')).source).toBeUndefined()
  })

  test('an entry without a value is 0, one with a word for a value is put aside, a note is passed over', () => {
    expect(tell('events', { ...of('events'), value: undefined, unit: undefined })).toMatchObject([{ value: 0 }])
    expect(readRecord(feedOf('events'), { ...of('events'), value: 'much' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
    for (const eventType of ['notes', 'note', 'unknown', 'constructor'])
      expect(tell('events', { ...of('events'), eventType, value: 'felt fine' })).toEqual([])
  })

  test('an entry that was deleted goes by the id under which it was told, whatever it was', () => {
    const entries = (records['events'] ?? []).slice(0, 5)
    for (const entry of entries) {
      const [told] = tell('events', entry)
      const id = told?.kind === 'sample' ? told.recordId : told && 'externalId' in told ? told.externalId : undefined
      expect(id).toBe(entry['recordId'])
      expect(tell('events', { ...entry, eventStatus: 'deleted' })).toEqual([{ kind: 'forget', externalId: id }])
    }
  })

  test('a drink and the cycle are no symptoms; an entry that becomes one of them is gone', () => {
    const drink = { ...of('events', 4), eventSubType: 'alcohol' }
    expect(tell('events', drink)).toEqual([])
    expect(tell('events', { ...drink, eventStatus: 'updated' })).toEqual([{ kind: 'forget', externalId: 'e-5' }])
  })

  test('an alert tells nothing: the glucose it warned of is told', () => {
    expect(tell('alerts', of('alerts'))).toEqual([])
  })

  test('a device tells when it was heard from, as the sensor that its values name; one of no known kind is passed over', () => {
    const { source, told } = read('devices', of('devices'))
    expect(told).toEqual([{ kind: 'thing', seen: at('2026-10-13T06:58:00Z') }])
    expect(source).toEqual(read('egvs', of('egvs')).source)
    expect(tell('devices', { ...of('devices'), lastUploadDate: null })).toEqual([{ kind: 'thing' }])
    expect(tell('devices', of('devices', 1))).toEqual([])
  })

  test.each(Object.entries(records))('every leaf of %s is read, or passed over for a reason', (feed, list) => {
    expect(judgeLeaves(feedOf(feed), list, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('fetching and signing in', () => {
  const window = { from: at('2026-10-01T00:00:00Z'), to: at('2026-10-14T00:00:00Z') }

  test('a window is one answer, asked for in UTC without saying so, 30 days at most', async () => {
    const query = 'startDate=2026-10-01T00%3A00%3A00&endDate=2026-10-14T00%3A00%3A00'
    for (const feed of Object.keys(feeds)) {
      const http = testHttp(
        dexcom,
        answers({
          [`GET /v3/users/self/${feed}?${query}`]: { recordType: 'x', userId: 'b1c0', records: records[feed] },
        }),
      )
      expect(await recordsOf(feedOf(feed).fetch?.(http, window, fetching))).toEqual(records[feed])
      expect(feedOf(feed).windowDays).toBe(30)
    }
  })

  test('an answer without records is bad data', async () => {
    const http = testHttp(dexcom, () => Response.json({}))
    await expect(recordsOf(feedOf('egvs').fetch?.(http, window, fetching))).rejects.toMatchObject({ fault: 'bad_data' })
  })

  test('who it is stands in every answer with data', async () => {
    const http = testHttp(
      dexcom,
      answers({ 'GET /v3/users/self/dataRange': { recordType: 'dataRange', recordVersion: '3.0', userId: 'b1c0' } }),
    )
    expect(await dexcom.account(http)).toEqual({ account: 'b1c0', profile: {} })
  })

  test('each region is a cloud of its own', () => {
    expect(dexcom.regions.map(({ origin }) => origin)).toEqual([
      'https://api.dexcom.com',
      'https://api.dexcom.eu',
      'https://api.dexcom.jp',
      'https://sandbox-api.dexcom.com',
    ])
  })
})
