/** Rows of one value each, in UTC, asked for by instants: dates are ignored here. Oura sends no notices of them. */
import { z } from 'zod'
import { defineFeed, type Window } from '../kit/feed.ts'
import type { ProviderHttp, Query } from '../kit/http.ts'
import { pagesOf } from './collections.ts'

const instant = z.iso.datetime({ offset: true })

export const instantsOf = ({ from, to }: Window): Query => ({
  start_datetime: new Date(from).toISOString(),
  end_datetime: new Date(to).toISOString(),
})

const byInstant = (collection: string, asking?: Parameters<typeof pagesOf>[3]) => ({
  windowDays: 30, // longer ones are refused
  lookBackDays: 2,
  fetch: (http: ProviderHttp, window: Window) => pagesOf(http, collection, instantsOf(window), asking),
})

const HeartRate = z.object({ timestamp: instant, bpm: z.number(), source: z.string().nullish() })

/** Ones that the person began: the rest is the ring's own doing. */
const begun = new Set(['workout', 'live', 'session'])

export const heartrate = defineFeed<z.infer<typeof HeartRate>>({
  title: { en: 'Heart rate', de: 'Puls', fr: 'Fréquence cardiaque' },
  scopes: ['heartrate'],
  brings: ['heart_rate'],
  ...byInstant('heartrate'),
  raw: HeartRate,
  *read({ timestamp, bpm, source }) {
    const method = begun.has(source ?? '') ? 'active' : 'automatic'
    yield { kind: 'sample', metric: 'heart_rate', t: Date.parse(timestamp), value: bpm, method }
  },
  unused: { timestamp_unix: 'timestamp says it' },
})

const Beat = z.object({ timestamp: instant, ibi: z.number(), validity: z.number().nullish() })

/** Marks beside a beat: 1 good, 3 corrected, 0 not judged; 2 is bad, and less than 0 a gap. */
const trust: Readonly<Record<number, string>> = { 0: 'unknown', 1: 'good', 3: 'fair' }

export const interbeat_interval = defineFeed<z.infer<typeof Beat>>({
  title: { en: 'Beat-to-beat intervals', de: 'Abstände der Herzschläge', fr: 'Intervalles entre battements' },
  brings: ['rr_interval'],
  mayBeRefused: true,
  ...byInstant('interbeat_interval', { passes: [404], unscoped: true }), // in one description of the API, and missing from another
  raw: Beat,
  *read({ timestamp, ibi, validity }) {
    const quality = trust[validity ?? 0]
    if (quality) yield { kind: 'sample', metric: 'rr_interval', t: Date.parse(timestamp), value: ibi, quality }
  },
  unused: {},
})
