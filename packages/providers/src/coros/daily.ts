import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'
import { daysOf, given, seriesOf, totalsOf } from '../kit/tell.ts'
import { dataOf, datesOf, offsetOf } from './envelope.ts'

const answer = z.object({ dailyList: z.array(z.unknown()).nullish() })

async function* dayPages(http: ProviderHttp, window: Window, { now }: FetchContext): Pages {
  const dates = datesOf(window, now)
  if (!dates) return
  yield readAnswer(answer, dataOf((await http.get('/coros/daily/query', dates)).body) ?? {}).dailyList ?? []
}

const number = z.number().nullish()
const text = z.string().nullish()

/** A day without data is missing, or has zeros: a figure of 0 is not told. */
const realOf = (value: number | null | undefined): number | undefined => (value && value > 0 ? value : undefined)

export const daily = defineFeed({
  title: { en: 'Days and nights', de: 'Tage und Nächte', fr: 'Jours et nuits' },
  scopes: ['workout'],
  brings: ['steps', 'energy_total', 'resting_heart_rate', 'sleep', 'hrv_rmssd', 'heart_rate'],
  windowDays: 27,
  lookBackDays: 7,
  historyDays: 89,
  fetch: dayPages,
  raw: z.object({
    happenDay: z.union([z.number(), z.string()]),
    step: number,
    calorie: number,
    rhr: number,
    sleepStartTime: text,
    sleepEndTime: text,
    sleepAvgHr: number,
    ppgHrv: number,
    hrvList: z.array(z.object({ timestamp: z.number(), hrv: number, hr: number })).nullish(),
    startTimezone: number,
    endTimezone: number,
  }),
  *read(day) {
    const [, year, month, date] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(String(day.happenDay)) ?? []
    if (!date) throw new RecordError('the day of a record cannot be read')
    const happened = `${year}-${month}-${date}`
    yield* daysOf(happened, [
      ['steps', realOf(day.step)],
      ['energy_total', realOf(day.calorie)],
      ['resting_heart_rate', realOf(day.rhr)],
    ])
    // Which variability it is, is not said: taken for RMSSD, as nearly everybody's, with a quality that is not known.
    const nightly = realOf(day.ppgHrv)
    if (nightly) yield { kind: 'day', metric: 'hrv_rmssd', date: happened, value: nightly, quality: 'unknown' }
    yield* nightOf(day, happened)
    const zone = given({ offset: offsetOf(day.endTimezone ?? day.startTimezone) })
    const points = (field: 'hrv' | 'hr') =>
      (day.hrvList ?? []).flatMap((one) => {
        const value = realOf(one[field])
        return value ? [[one.timestamp * 1000, value] as const] : []
      })
    yield* seriesOf('hrv_rmssd', points('hrv'), { ...zone, quality: 'unknown' })
    yield* seriesOf('heart_rate', points('hr'), zone)
  },
  unused: {},
})

interface Night {
  sleepStartTime?: string | null | undefined
  sleepEndTime?: string | null | undefined
  sleepAvgHr?: number | null | undefined
  startTimezone?: number | null | undefined
  endTimezone?: number | null | undefined
}

/** Wall times without a zone; only when one slept, no stages. */
function* nightOf(night: Night, date: string) {
  const { sleepStartTime, sleepEndTime, endTimezone, startTimezone } = night
  const offset = offsetOf(startTimezone ?? endTimezone)
  const endOffset = offsetOf(endTimezone ?? startTimezone)
  if (!sleepStartTime || !sleepEndTime || offset === undefined || endOffset === undefined) return
  const start = Date.parse(`${sleepStartTime.replace(' ', 'T')}Z`) - offset * 60_000
  const end = Date.parse(`${sleepEndTime.replace(' ', 'T')}Z`) - endOffset * 60_000
  if (!(end > start)) throw new RecordError('a night ends before it begins')
  const duration = (end - start) / 1000
  yield {
    kind: 'session' as const,
    type: 'sleep' as const,
    start,
    end,
    offset: endOffset,
    externalId: `sleep:${date}`,
    totals: totalsOf({ duration, sleep_time_in_bed: duration, sleep_heart_rate_avg: realOf(night.sleepAvgHr) }),
    parts: [],
  }
}
