import { type MetricId, tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { given, isGiven } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { listOf } from './point-feed.ts'
import { methodOf, sourceOf, unusedOfInterval, unusedOfSource } from './source.ts'
import { amount, dataSource, idOr, interval, numberOf, stretchOf, text } from './wire.ts'

/** Of about forty nutrients, those that have a metric. Google keeps all of them in grams. */
const nutrients: Readonly<Record<string, MetricId>> = tableOf({
  PROTEIN: 'protein_intake',
  DIETARY_FIBER: 'fiber_intake',
  SUGAR: 'sugar_intake',
  SODIUM: 'sodium_intake',
  CAFFEINE: 'caffeine_intake',
})

const grams = z.object({ grams: amount }).nullish()
const nutrient = z.object({ nutrient: z.string(), quantity: grams })
const kcal = z.object({ kcal: amount }).nullish()

const fromFood = 'what was eaten; the figures are of it'
const unitTyped = 'the unit it was typed in; the amount is in grams and kilocalories whatever it says'

export const nutrition = defineFeed({
  title: { en: 'Meals', de: 'Mahlzeiten', fr: 'Repas' },
  scopes: [scope.nutrition],
  brings: ['energy_intake', 'carbohydrates_intake', 'fat_intake', ...Object.values(nutrients)],
  ...listOf({ type: 'nutrition-log', shape: 'session', call: 'list' }),
  raw: z.object({
    name: text,
    dataSource,
    nutritionLog: z.object({
      interval,
      energy: kcal,
      totalCarbohydrate: grams,
      totalFat: grams,
      nutrients: z.array(nutrient).nullish(),
    }),
  }),
  source: (record) => sourceOf(record),
  *read({ name, dataSource, nutritionLog: log }) {
    const values: [metric: MetricId, value: number | undefined, unit: string][] = [
      ['energy_intake', numberOf(log.energy?.kcal), 'kcal'],
      ['carbohydrates_intake', numberOf(log.totalCarbohydrate?.grams), 'g'],
      ['fat_intake', numberOf(log.totalFat?.grams), 'g'],
    ]
    for (const { nutrient, quantity } of log.nutrients ?? []) {
      const metric = nutrients[nutrient]
      if (metric) values.push([metric, numberOf(quantity?.grams), 'g'])
    }
    const when = { ...stretchOf(log.interval), ...given({ method: methodOf(dataSource) }) }
    const id = `nutrition-log:${idOr(name, log.interval.startTime)}`
    for (const [metric, value, unit] of values)
      if (isGiven(value)) yield { kind: 'sample', metric, ...when, value, unit, recordId: `${id}:${metric}` }
  },
  sometimes: { 'nutritionLog.nutrients.*.quantity.grams': 'not of a nutrient that has no metric' },
  unused: {
    ...unusedOfSource,
    ...unusedOfInterval('nutritionLog'),
    'nutritionLog.energy.userProvidedUnit': unitTyped,
    'nutritionLog.energyFromFat': 'a part of the energy; no metric',
    'nutritionLog.totalCarbohydrate.userProvidedUnit': unitTyped,
    'nutritionLog.totalFat.userProvidedUnit': unitTyped,
    'nutritionLog.nutrients.*.quantity.userProvidedUnit': unitTyped,
    'nutritionLog.food': fromFood,
    'nutritionLog.foodDisplayName': fromFood,
    'nutritionLog.serving': fromFood,
    'nutritionLog.mealType': 'no place beside a value for which meal it was',
  },
})
