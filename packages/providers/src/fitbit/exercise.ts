import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { activityOf } from './exercise-names.ts'
import { event, figuresOf, furtherOf, lapOf, length, lengthOf, metrics, pausesOf, split } from './exercise-parts.ts'
import { byDate, byTime, data, pointsOf } from './pages.ts'
import { sourceOf, unusedOfInterval, unusedOfSource } from './source.ts'
import { amount, dataSource, idOf, interval, offsetOf, secondsOf, text, thousandth } from './wire.ts'

/** By its local start only. What is not in the list, the way and the lengths of a pool, is asked for each. */
async function* workouts(http: ProviderHttp, window: Window, context: FetchContext): Pages {
  const filter = byDate('exercise.interval.civil_start_time', window)
  for await (const page of pointsOf(http, 'exercise', 'list', filter, 25))
    for (const record of page) yield [await withLengths(http, await withWay(http, record, context))] // one file in memory at a time
}

const placed = z.object({
  name: z.string(),
  exercise: z.object({ exerciseMetadata: z.object({ hasGps: z.literal(true) }), updateTime: text }),
})

/** The way of a workout is a file of its own, for those who let us see where they were. */
async function withWay(http: ProviderHttp, record: unknown, { scopes, isKnown }: FetchContext): Promise<unknown> {
  const parsed = scopes.includes(scope.location) ? placed.safeParse(record) : undefined
  if (!parsed?.success) return record
  if (await isKnown?.(parsed.data.name, rankOf(parsed.data.exercise))) return record
  const path = `${data}/exercise/dataPoints/${encodeURIComponent(idOf(parsed.data.name))}:exportExerciseTcx`
  const { status, body } = await http.get(path, { alt: 'media', partialData: true }, { bytes: true, expects: [404] })
  return status === 404 ? record : { ...(record as object), tcx: body }
}

const swum = z.object({ exercise: z.object({ exerciseType: z.string().startsWith('SWIMMING'), interval }) })

/** Parts that are told again replace those from before: a swim that is known needs its lengths as much as a new one. */
async function withLengths(http: ProviderHttp, record: unknown): Promise<unknown> {
  const parsed = swum.safeParse(record)
  if (!parsed.success) return record
  const { startTime, endTime } = parsed.data.exercise.interval
  const window = { from: Date.parse(startTime), to: Date.parse(endTime) }
  const lengths: unknown[] = []
  for await (const page of pointsOf(
    http,
    'swim-lengths-data',
    'reconcile',
    byTime('swim_lengths_data.interval.start_time', window),
    10_000,
  ))
    lengths.push(...page)
  return lengths.length ? { ...(record as object), lengths } : record
}

const rankOf = ({ updateTime }: { updateTime?: string | null | undefined }): number => Date.parse(updateTime ?? '') || 0

const inZoneOfStart = 'a workout is told in the zone in which it began'

const ofWhole = 'a lap has no place for it; the whole workout has'

export const exercise = defineFeed({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: [scope.activity],
  brings: ['workout', 'meditation'],
  windowDays: 14,
  lookBackDays: 7,
  fetch: workouts,
  raw: z.object({
    name: z.string(),
    dataSource,
    exercise: z.object({
      exerciseType: text,
      displayName: text,
      activeDuration: text,
      interval,
      metricsSummary: metrics.nullish(),
      exerciseMetadata: z.object({ hasGps: z.boolean().nullish(), poolLengthMillimeters: amount }).nullish(),
      exerciseEvents: z.array(event).nullish(),
      splitSummaries: z.array(split).nullish(),
      splits: z.array(split).nullish(),
      notes: text,
      updateTime: text,
    }),
    tcx: z.instanceof(Uint8Array).optional(),
    lengths: z.array(length).optional(),
  }),
  source: (record) => sourceOf(record),
  version: ({ name, exercise }) => ({ key: name, rank: rankOf(exercise) }),
  *read({ name, exercise, tcx, lengths = [] }) {
    const { interval, metricsSummary: sum, exerciseType, exerciseMetadata: where } = exercise
    const [start, end] = [Date.parse(interval.startTime), Date.parse(interval.endTime)]
    const externalId = `exercise:${idOf(name)}`
    const pool = thousandth(where?.poolLengthMillimeters)
    // Laps are of the person's choosing; where there are none, there is one for each kilometre or mile.
    const [laps, splits] = exercise.splitSummaries?.length
      ? [exercise.splitSummaries, exercise.splits]
      : [exercise.splits, null]
    yield {
      kind: 'session',
      type: exerciseType === 'MEDITATE' ? 'meditation' : 'workout',
      activity: activityOf(exerciseType ?? ''),
      start,
      end,
      ...given({ title: exercise.displayName, offset: offsetOf(interval.startUtcOffset) }),
      externalId,
      totals: {
        ...totalsOf({ duration: (end - start) / 1000, active_duration: secondsOf(exercise.activeDuration) }),
        ...figuresOf(sum),
      },
      parts: [
        ...(laps ?? []).map(lapOf),
        ...lengths.map((one) => lengthOf(one, pool)).sort((a, b) => a.start - b.start),
        ...pausesOf(exercise.exerciseEvents ?? [], end),
      ],
      extra: given({
        exercise_type: exerciseType,
        has_gps: where?.hasGps || undefined,
        pool_length: pool,
        notes: exercise.notes,
        ...furtherOf(sum),
        splits: splits?.length ? splits : undefined,
      }),
    }
    if (tcx) yield { kind: 'file', format: 'tcx', bytes: tcx, externalId }
  },
  unused: {
    ...unusedOfSource,
    ...unusedOfInterval('exercise'),
    'dataSource.recordingMethod': 'a workout is recorded by the device that is named',
    'exercise.createTime': 'when Google first had it',
    'exercise.updateTime': 'only tells which of two tellings is the later',
    'exercise.metricsSummary.averagePaceSecondsPerMeter': 'the speed, said another way',
    'exercise.exerciseEvents.*.eventUtcOffset': inZoneOfStart,
    ...Object.fromEntries(
      ['splitSummaries', 'splits'].flatMap((list) => [
        [`exercise.${list}.*.startUtcOffset`, inZoneOfStart],
        [`exercise.${list}.*.endUtcOffset`, inZoneOfStart],
        [`exercise.${list}.*.metricsSummary.averagePaceSecondsPerMeter`, 'the speed, said another way'],
      ]),
    ),
    'exercise.splitSummaries.*.metricsSummary.activeZoneMinutes': ofWhole,
    'exercise.splitSummaries.*.metricsSummary.heartRateZoneDurations': ofWhole,
    'exercise.splitSummaries.*.metricsSummary.runVo2Max': ofWhole,
    'exercise.splitSummaries.*.metricsSummary.totalSwimLengths': ofWhole,
    'lengths.*.dataPointName': 'a length is known by its time',
    ...Object.fromEntries(
      Object.entries(unusedOfInterval('lengths.*.swimLengthsData')).map(([name]) => [name, inZoneOfStart]),
    ),
    'lengths.*.swimLengthsData.interval.startUtcOffset': inZoneOfStart,
  },
})
