/** What each device counted on a date, minute by minute. Nothing says what the day came to: what two devices counted is never added. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, seriesOf } from '../kit/tell.ts'
import { deviceIn, Reference } from './devices.ts'
import { byDayAndDevice } from './lists.ts'
import { column, momentIn, number } from './wire.ts'

const run = { startTime: z.string(), interval: number }

const Day = z.object({
  date: z.iso.date(),
  deviceReference: Reference,
  activitySamples: z
    .array(
      z.object({
        stepSamples: z.object({ ...run, steps: column }).nullish(),
        metSamples: z.object({ ...run, mets: column }).nullish(),
      }),
    )
    .nullish(),
})

const minute = 60_000

export const activity = defineFeed<z.infer<typeof Day>>({
  title: { en: 'Activity of the day', de: 'Aktivität des Tages', fr: 'Activité du jour' },
  scopes: ['activity:read'],
  brings: ['steps', 'met'],
  ...byDayAndDevice(
    { path: '/activity/list', names: ['activities', 'activityDays'], at: 'date', features: ['samples'] },
    'activitiesPerDevice',
  ),
  raw: Day,
  source: ({ deviceReference }) => deviceIn(deviceReference),
  *read({ date, activitySamples }, { timeZone }): Generator<Told> {
    const steps = new Map<number, { value: number; length: number }>() // by time: parts of a day may be told twice
    const mets = new Map<number, number>()
    const from = (clock: string) => momentIn(`${date}T${clock}`, timeZone)
    for (const { stepSamples, metSamples } of activitySamples ?? []) {
      for (const [t, value, length] of rowsOf(stepSamples, stepSamples?.steps, from)) steps.set(t, { value, length })
      for (const [t, value] of rowsOf(metSamples, metSamples?.mets, from)) if (value) mets.set(t, value)
    }
    if (!steps.size && !mets.size) return
    const counted = [...steps.values()].reduce((sum, { value }) => sum + value, 0)
    yield* daysOf(date, [['steps', steps.size ? counted : undefined]])
    const walked = [...steps].filter(([, { value }]) => value)
    for (const series of seriesOf(
      'steps',
      walked.map(([t, { value }]) => [t, value]),
    )) {
      series.durations = Float64Array.from(walked, ([, { length }]) => length)
      yield series
    }
    yield* seriesOf('met', [...mets])
  },
  unused: { 'activitySamples.*.activityInfos': 'zones of Polar’s own' },
})

type Run = { startTime: string; interval?: number | null | undefined }

/** From a time of day on, one after the other: the hours of a day on which clocks change are no matter. */
function rowsOf(
  run: Run | null | undefined,
  values: z.infer<typeof column> | undefined,
  from: (clock: string) => number,
): [t: number, value: number, length: number][] {
  if (!run) return []
  const [start, every] = [from(run.startTime), run.interval || minute]
  return (values ?? []).flatMap((value, i): [number, number, number][] =>
    value === null ? [] : [[start + i * every, value, every]],
  )
}
