/** What the cards of a day show: figures beside what is usual. Pure. */
import { catalogue, type MetricId, primaryKind } from '@tributary/protocol'
import type { DayValue, MetricDays } from '../../api/types.ts'
import { type Against, against, type Usual, usualBefore } from '../../charts/usual.ts'
import type { IconName } from '../../ui/icon.tsx'
import { addDays, datesFrom } from '../../util/local-days.ts'

interface CardKind {
  title: string
  icon: IconName
  /** The first with data stands large. */
  metrics: readonly MetricId[]
}

/** In the order people look for them. */
const cardKinds: readonly CardKind[] = [
  {
    title: 'Sleep',
    icon: 'sleep',
    metrics: ['sleep_total', 'sleep_deep', 'sleep_rem', 'sleep_efficiency', 'sleep_score'],
  },
  {
    title: 'Activity',
    icon: 'steps',
    metrics: ['steps', 'energy_active', 'distance_walking_running', 'distance', 'floors_climbed'],
  },
  {
    title: 'Recovery',
    icon: 'heart',
    metrics: [
      'resting_heart_rate',
      'hrv_rmssd',
      'hrv_sdnn',
      'respiratory_rate',
      'skin_temperature',
      'skin_temperature_deviation',
      'spo2',
    ],
  },
  { title: 'Body', icon: 'scale', metrics: ['body_mass', 'bp_systolic', 'body_fat', 'blood_glucose'] },
]

/** Read with the one that is shown: nobody says half a blood pressure. */
const partners: Partial<Record<MetricId, MetricId>> = { bp_systolic: 'bp_diastolic' }
/** Left out where the closer one is known. */
const closer: Partial<Record<MetricId, MetricId>> = { distance: 'distance_walking_running' }

export const todayMetrics: readonly MetricId[] = [
  ...cardKinds.flatMap(({ metrics }) => metrics),
  ...Object.values(partners),
]

export interface Figure {
  metric: MetricId
  /** The newest day that has one. */
  day: DayValue
  /** The other half of a pair. */
  partner?: DayValue
  /** Nothing where there are too few days to say. */
  usual: Usual | undefined
  /** Nothing also while the day is not over: a sum at noon is no small sum. */
  verdict: Against | undefined
  isSoFar: boolean
  isStale: boolean
  /** The two weeks up to the day, null where there is nothing. */
  fortnight: (number | null)[]
}

export interface Card {
  title: string
  icon: IconName
  figures: Figure[]
}

const fortnightLength = 14

export function cardsOf(metrics: readonly MetricDays[], date: string, today: string): Card[] {
  const known = new Map(metrics.filter(({ days }) => days.length > 0).map((one) => [one.metric, one]))
  return cardKinds.flatMap(({ title, icon, metrics: wanted }) => {
    const figures = wanted.flatMap((metric) => {
      const of = known.get(metric)
      const better = closer[metric]
      if (!of || (better && known.has(better))) return []
      return figureOf(metric, of, known.get(partners[metric] ?? ''), date, today) ?? []
    })
    return figures.length ? [{ title, icon, figures }] : []
  })
}

function figureOf(
  metric: MetricId,
  { days, stale_dates }: MetricDays,
  pair: MetricDays | undefined,
  date: string,
  today: string,
): Figure | undefined {
  const day = days.findLast((one) => one.date <= date)
  if (!day) return undefined
  const usual = usualBefore(days, day.date)
  const isSoFar = day.date === today && isCounted(metric)
  const values = new Map(days.map((one) => [one.date, one.value]))
  const partner = pair?.days.find((one) => one.date === day.date)
  return {
    metric,
    day,
    ...(partner && { partner }),
    usual,
    verdict: usual && !(isSoFar && day.value < usual.low) ? against(day.value, usual) : undefined,
    isSoFar,
    isStale: stale_dates.includes(day.date),
    fortnight: datesFrom(addDays(date, 1 - fortnightLength), addDays(date, 1)).map((at) => values.get(at) ?? null),
  }
}

/** Grows through the day. */
export const isCounted = (metric: MetricId): boolean =>
  primaryKind(metric) === 'I' && catalogue[metric].rollup[0] === 'sum'
