/** A physiological day, from one falling asleep to the next; the one that runs has no end. Each with its night. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { daysOf } from '../kit/tell.ts'
import { newest, pagesOf, reread } from './lists.ts'
import { localDate, Night, nightsOf } from './nights.ts'

const number = z.number().nullish()

const Cycle = z.object({
  id: z.number(),
  updated_at: z.string(),
  end: z.iso.datetime().nullish(),
  timezone_offset: z.string(),
  score_state: z.string(),
  score: z.object({ strain: number, kilojoule: number }).nullish(),
})

const Record = z.object({ cycle: Cycle, night: Night.nullable() })

export const cycle = defineFeed<z.infer<typeof Record>>({
  title: { en: 'Strain and energy', de: 'Belastung und Energie', fr: 'Effort et énergie' },
  scopes: ['read:cycles'],
  brings: ['strain', 'energy_total'],
  ...reread,
  async *fetch(http, window, { scopes }) {
    const { byCycle } = await nightsOf(http, window, scopes)
    for await (const page of pagesOf(http, '/v2/cycle', window)) {
      const cycles = readAnswer(z.array(z.looseObject({ id: z.number() })), page)
      yield cycles.map((one) => ({ cycle: one, night: byCycle.get(one.id) ?? null }))
    }
  },
  raw: Record,
  version: ({ cycle }) => newest(cycle),
  *read({ cycle: { end, score, score_state, timezone_offset }, night }): Generator<Told> {
    if (score_state !== 'SCORED' || !score) return // it comes again when it is scored
    const date = night ? localDate(night.end, night.timezone_offset) : end ? localDate(end, timezone_offset) : undefined
    if (date === undefined) return // nobody knows yet what day it will be
    yield* daysOf(date, [
      ['strain', score.strain],
      ['energy_total', score.kilojoule, 'kJ'], // with what the body needs at rest
    ])
  },
  sometimes: {
    'cycle.end': 'where no night says which day it is',
    'cycle.timezone_offset': 'where no night says which day it is',
  },
  unused: {
    'cycle.id': 'its night is found by it',
    'cycle.updated_at': 'only tells which of two tellings is the later',
    'night.id': 'found by the cycle',
    'cycle.user_id': 'the account itself',
    'cycle.created_at': 'when WHOOP wrote it down',
    'cycle.start': 'when the person fell asleep, which the night says',
    'cycle.score.average_heart_rate': 'a mean over no calendar day',
    'cycle.score.max_heart_rate': 'a peak of no calendar day, without its time',
    'night.cycle_id': 'the cycle itself',
    'night.nap': 'the sleep feed tells it',
  },
})
