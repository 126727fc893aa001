import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'
import { daysOf, isGiven } from '../kit/tell.ts'
import { momentOf } from '../kit/zone.ts'
import { localDates } from './dates.ts'

async function* wellnessPages(http: ProviderHttp, window: Window, { account }: FetchContext): Pages {
  const { body } = await http.get(`/api/v1/athlete/${account}/wellness`, localDates(window))
  yield readAnswer(z.array(z.unknown()), body)
}

const number = z.number().nullish()
const felt = 'how it felt, on a scale of 1 to 4 of its own'

/** One record a day; rewritten whenever a source sends more. */
export const wellness = defineFeed({
  title: { en: 'Wellness', de: 'Befinden', fr: 'Bien-être' },
  scopes: ['WELLNESS:READ', 'WELLNESS:WRITE'],
  brings: [
    'body_mass',
    'resting_heart_rate',
    'hrv_rmssd',
    'hrv_sdnn',
    'sleep_total',
    'sleep_score',
    'sleep_heart_rate_avg',
    'spo2',
    'bp_systolic',
    'bp_diastolic',
    'blood_glucose',
    'body_fat',
    'vo2max',
    'steps',
    'respiratory_rate',
  ],
  windowDays: 365,
  lookBackDays: 7,
  fetch: wellnessPages,
  raw: z.object({
    id: z.string(),
    weight: number,
    restingHR: number,
    hrv: number,
    hrvSDNN: number,
    sleepSecs: number,
    sleepScore: number,
    avgSleepingHR: number,
    spO2: number,
    systolic: number,
    diastolic: number,
    bloodGlucose: number,
    bodyFat: number,
    vo2max: number,
    steps: number,
    respiration: number,
    updated: z.string().nullish(),
  }),
  version: ({ id, updated }) => ({ key: id, rank: Date.parse(updated ?? '') || 0 }),
  *read(day, { timeZone }) {
    const { id: date, systolic, diastolic } = day
    const midnight = Date.parse(`${date}T00:00:00Z`)
    if (Number.isNaN(midnight)) throw new RecordError('the day of a record cannot be read')
    yield* daysOf(date, [
      ['body_mass', day.weight],
      ['resting_heart_rate', day.restingHR],
      ['hrv_rmssd', day.hrv],
      ['hrv_sdnn', day.hrvSDNN],
      ['sleep_total', day.sleepSecs],
      ['sleep_score', day.sleepScore],
      ['sleep_heart_rate_avg', day.avgSleepingHR],
      ['spo2', day.spO2],
      ['blood_glucose', day.bloodGlucose],
      ['body_fat', day.bodyFat],
      ['vo2max', day.vo2max],
      ['steps', day.steps],
      ['respiratory_rate', day.respiration],
    ])
    // A blood pressure happens at a time, of which only the date is known: the day's beginning stands for it.
    if (isGiven(systolic) && isGiven(diastolic))
      yield {
        kind: 'event',
        metric: 'blood_pressure',
        start: momentOf(midnight, timeZone),
        value: { systolic, diastolic },
        externalId: `blood_pressure:${date}`,
      }
  },
  unused: {
    sleepQuality: felt,
    stress: felt,
    fatigue: felt,
    soreness: felt,
    mood: felt,
    updated: 'only tells which of two tellings is the later',
  },
})
