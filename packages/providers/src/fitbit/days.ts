import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { daysOf } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { data, datesOf } from './pages.ts'
import { amount, civilDate, dateOf, numberOf } from './wire.ts'

/** Total energy exists as a sum only; the others are what Google's app shows for the day, phone and band merged. */
const types = ['steps', 'distance', 'total-calories'] as const

const answer = z.object({ rollupDataPoints: z.array(z.unknown()).nullish() })

const civil = (date: string) => {
  const [year, month, day] = date.split('-').map(Number)
  return { date: { year, month, day } }
}

/** The answer has no next page: a stretch must be short enough for one. */
async function* rollUps(http: ProviderHttp, window: Window, _context: FetchContext): Pages {
  const { first, after } = datesOf(window)
  for (const type of types) {
    const { body } = await http.post(`${data}/${type}/dataPoints:dailyRollUp`, {
      json: { range: { start: civil(first), end: civil(after) }, windowSizeDays: 1 },
    })
    yield readAnswer(answer, body ?? {}).rollupDataPoints ?? []
  }
}

const civilTime = z.object({ date: civilDate })

export const days = defineFeed({
  title: { en: 'Days', de: 'Tage', fr: 'Jours' },
  scopes: [scope.activity],
  brings: ['steps', 'distance', 'energy_total'],
  windowDays: 11, // 14 is the most for total calories, and a stretch is asked for up to three days wide of its ends
  lookBackDays: 7,
  fetch: rollUps,
  raw: z.object({
    civilStartTime: civilTime,
    steps: z.object({ countSum: amount }).nullish(),
    distance: z.object({ millimetersSum: amount }).nullish(),
    totalCalories: z.object({ kcalSum: amount }).nullish(),
  }),
  read: ({ civilStartTime, steps, distance, totalCalories }) =>
    daysOf(dateOf(civilStartTime.date), [
      ['steps', numberOf(steps?.countSum)],
      ['distance', numberOf(distance?.millimetersSum), 'mm'],
      ['energy_total', numberOf(totalCalories?.kcalSum)],
    ]),
  unused: { civilEndTime: 'the midnight after the day' },
})
