/** Providers' simple feeds: from the text of an answer to the readings of a batch, sorted for the store, on one core. */
import { findProvider } from '@tributary/providers'
import { type Feed, isUnread, parseJson, readRecord, type Told } from '@tributary/providers/kit'
import { sortTold } from '../src/ingest/sort-told.ts'
import { atLeast, type Figure, median } from './figure.ts'

const records = 20_000
const start = Date.parse('2026-11-01T00:00:00Z')
const context = { account: '1', now: start + 86_400_000, timeZone: 'Europe/Stockholm' }

interface Simple {
  provider: string
  feed: string
  /** The i-th record, as the brand writes it. */
  record(i: number): unknown
}

const iso = (i: number) => new Date(start + i * 60_000).toISOString()
const seconds = (i: number) => start / 1_000 + i * 60

/** Feeds of many records with a value or a few each: what a year of history is made of. */
const simple: readonly Simple[] = [
  {
    provider: 'oura',
    feed: 'heartrate',
    record: (i) => ({ timestamp: iso(i).replace('.000Z', '+00:00'), bpm: 50 + (i % 90), source: 'awake' }),
  },
  {
    provider: 'withings',
    feed: 'measures',
    record: (i) => ({
      timezone: 'Europe/Stockholm',
      grpid: 4_000_000 + i,
      attrib: 0,
      date: seconds(i),
      modified: seconds(i),
      category: 1,
      deviceid: '9f1c',
      model: 'Body Comp',
      measures: [{ value: 71_000 + (i % 900), type: 1, unit: -3, algo: 0, fm: 131 }],
    }),
  },
  {
    provider: 'withings',
    feed: 'intraday',
    record: (i) => ({ t: seconds(i), heart_rate: 50 + (i % 90), model: 'ScanWatch', deviceid: '77ab' }),
  },
  {
    provider: 'dexcom',
    feed: 'egvs',
    record: (i) => ({
      recordId: `r${i}`,
      systemTime: iso(i).replace('.000', ''),
      displayTime: `${iso(i + 60).slice(0, 19)}+01:00`,
      transmitterGeneration: 'g7',
      value: 80 + (i % 120),
      unit: 'mg/dL',
      trend: 'flat',
      trendRate: 0.1,
      rateUnit: 'mg/dL/min',
      status: 'ok',
    }),
  },
  {
    provider: 'fitbit',
    feed: 'heart_rate',
    record: (i) => ({
      heartRate: { sampleTime: { physicalTime: iso(i), utcOffset: '3600s' }, beatsPerMinute: String(50 + (i % 90)) },
    }),
  },
]

export async function benchMapping(): Promise<Figure[]> {
  return simple.map((one) => {
    const feed = feedOf(one)
    const text = JSON.stringify(Array.from({ length: records }, (_, i) => one.record(i)))
    const rates: number[] = []
    for (let round = 0; round < 9; round++) {
      const begun = process.cpuUsage()
      read(feed, text)
      const { user, system } = process.cpuUsage(begun)
      if (round > 1) rates.push(records / ((user + system) / 1e6))
    }
    const promise = `${one.provider} ${one.feed}: records mapped and sorted a second and core`
    return atLeast(promise, median(rates), 100_000, 'records/s', `${Math.round(text.length / records)} bytes a record`)
  })
}

function feedOf({ provider, feed }: Simple): Feed {
  const found = findProvider(provider)?.feeds[feed]
  if (!found) throw new Error(`${provider} has no feed ${feed}`)
  return found
}

function read(feed: Feed, text: string): void {
  const told: Told[] = []
  for (const record of parseJson(text) as unknown[]) {
    const result = readRecord(feed, record, context)
    if (isUnread(result)) throw new Error(result.detail)
    told.push(...result.told)
  }
  const { points, rows, rejected } = sortTold(told, context.now)
  const sorted = points.length + rows.length
  if (sorted < records || rejected.length)
    throw new Error(`${sorted} readings and ${rejected.length} rejections came of ${records} records`)
}
