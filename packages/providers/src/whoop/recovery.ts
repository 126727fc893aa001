/** What WHOOP says of a morning; each record with its night, which knows the date. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { dateOf, daysOf } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'
import { newest, oneOf, onePage, pagesOf, reread } from './lists.ts'
import { localDate, Night, nightOf, nightsOf } from './nights.ts'

const number = z.number().nullish()

const Recovery = z.object({
  sleep_id: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.string(),
  score_state: z.string(),
  score: z
    .object({
      user_calibrating: z.boolean().nullish(),
      recovery_score: number,
      resting_heart_rate: number,
      hrv_rmssd_milli: number,
      spo2_percentage: number,
      skin_temp_celsius: number,
    })
    .nullish(),
})

const Record = z.object({ recovery: Recovery, night: Night.nullable() })

export const recovery = defineFeed<z.infer<typeof Record>>({
  title: { en: 'Recovery', de: 'Erholung', fr: 'Récupération' },
  scopes: ['read:recovery'],
  brings: ['recovery_score', 'resting_heart_rate', 'hrv_rmssd', 'spo2', 'skin_temperature'],
  ...reread,
  async *fetch(http, window, { scopes }) {
    const { byId } = await nightsOf(http, window, scopes)
    for await (const page of pagesOf(http, '/v2/recovery', window)) {
      const recoveries = readAnswer(z.array(z.looseObject({ sleep_id: z.string() })), page)
      yield recoveries.map((one) => ({ recovery: one, night: byId.get(one.sleep_id) ?? null }))
    }
  },
  /** Notices name the sleep, not the cycle that its recovery hangs from. */
  fetchOne: (http, sleepId) =>
    onePage(
      (async () => {
        const night = await nightOf(http, sleepId)
        if (night?.cycle_id == null) return undefined
        const found = await oneOf(http, `/v2/cycle/${night.cycle_id}/recovery`)
        return found === undefined ? undefined : { recovery: found, night }
      })(),
    ),
  raw: Record,
  version: ({ recovery }) => newest({ id: recovery.sleep_id, updated_at: recovery.updated_at }),
  *read({ recovery: { score, score_state, created_at }, night }, { timeZone }): Generator<Told> {
    if (score_state !== 'SCORED' || !score) return // it comes again when it is scored
    const written = Date.parse(created_at)
    const date = night ? localDate(night.end, night.timezone_offset) : dateOf(written, offsetIn(timeZone, written) ?? 0) // written a minute after waking up
    for (const day of daysOf(date, [
      ['recovery_score', score.recovery_score],
      ['resting_heart_rate', score.resting_heart_rate],
      ['hrv_rmssd', score.hrv_rmssd_milli], // milliseconds already
      ['spo2', score.spo2_percentage],
      ['skin_temperature', score.skin_temp_celsius],
    ]))
      yield score.user_calibrating ? { ...day, quality: 'fair' } : day
  },
  sometimes: { 'recovery.created_at': 'where no night says which morning it was' },
  unused: {
    'recovery.sleep_id': 'its night is found by it',
    'recovery.updated_at': 'only tells which of two tellings is the later',
    'night.id': 'found by the recovery',
    'recovery.cycle_id': 'the day it belongs to, which its night says',
    'recovery.user_id': 'the account itself',
    'night.cycle_id': 'the day it belongs to',
    'night.nap': 'the sleep feed tells it',
  },
})
