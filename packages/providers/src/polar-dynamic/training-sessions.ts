/** Workouts. A session is one or several exercises; what was measured on the way stands in those. */
import { activityFromName } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Told, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { RecordError } from '../kit/read-records.ts'
import { given, isGiven, totalsOf } from '../kit/tell.ts'
import { momentOf, offsetIn } from '../kit/zone.ts'
import { courseOf, Exercise } from './courses.ts'
import { deviceOf } from './devices.ts'
import { datesOf, dayAfter, type List, type Row, rowsOf } from './lists.ts'
import { type SportNames, sportNames } from './sports.ts'
import { number, text, wallOf } from './wire.ts'

const id = z.union([z.string(), z.number()])

const Session = z.object({
  identifier: z.object({ id }),
  modified: text,
  startTime: z.string(),
  stopTime: text,
  timezoneOffsetMinutes: number,
  durationMillis: number,
  name: text,
  deviceId: text,
  product: z.object({ modelName: text }).nullish(),
  sport: z.object({ id }).nullish(),
  calories: number,
  distanceMeters: number,
  hrAvg: number,
  hrMax: number,
  trainingLoad: number,
  trainingBenefit: text,
  recoveryTimeMillis: number,
  startTrigger: text,
  exercises: z.array(Exercise).nullish(),
  /** Not Polar's: what the list of sports calls the number of `sport`. */
  sportName: text,
})
type Session = z.infer<typeof Session>

const list: List = {
  path: '/training-sessions/list',
  names: ['trainingSessions'],
  at: 'startTime',
  features: ['samples', 'laps', 'routes', 'statistics', 'zones'],
}

const why = {
  twice: 'the session says it',
  shares: 'a share of the energy, worked out from the pulse',
  place: 'the way says it',
  between: 'between two exercises',
  person: 'what the person wrote or is, not the workout',
  plan: 'a plan it was made from',
}

export const training_sessions = defineFeed<Session>({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['training_sessions:read'],
  brings: [
    'workout',
    'heart_rate',
    'speed',
    'cadence',
    'elevation',
    'power',
    'ambient_temperature',
    'rr_interval',
    'vo2max',
  ],
  windowDays: 60, // 90 is the most
  lookBackDays: 3,
  fetch: fetchSessions,
  raw: Session,
  version: (session) => ({ key: String(session.identifier.id), rank: rankOf(session.modified) }),
  source: ({ deviceId, product }) => deviceOf(deviceId, product?.modelName),
  *read(session, { timeZone }): Generator<Told> {
    const exercises = session.exercises ?? []
    const said =
      session.timezoneOffsetMinutes ??
      exercises.find((one) => isGiven(one.timezoneOffsetMinutes))?.timezoneOffsetMinutes
    const at = (wall: string) => (isGiven(said) ? wallOf(wall) - said * 60_000 : momentOf(wallOf(wall), timeZone))
    const start = at(session.startTime)
    if (Number.isNaN(start) || !isGiven(session.durationMillis))
      throw new RecordError('a session without a start or a length')
    const end = session.stopTime ? at(session.stopTime) : start + session.durationMillis
    const offset = said ?? offsetIn(timeZone, start) ?? 0
    const activity = activityFromName(session.sportName ?? '')
    const { series, extras, ...course } = courseOf(exercises, { start, offset, activity })
    const gains = exercises.map(({ ascentMeters }) => ascentMeters).filter(isGiven)
    yield {
      kind: 'session',
      type: 'workout',
      activity,
      ...(session.name ? { title: session.name } : {}),
      start,
      end,
      offset,
      ...(isGiven(said) ? {} : { offsetFrom: 'person' as const }),
      externalId: String(session.identifier.id),
      totals: totalsOf({
        duration: session.durationMillis / 1_000,
        distance: session.distanceMeters,
        energy_active: session.calories,
        elevation_gain: gains.length ? gains.reduce((sum, gain) => sum + gain, 0) : undefined,
        heart_rate_avg: session.hrAvg,
        heart_rate_max: session.hrMax,
        training_load: session.trainingLoad,
      }),
      ...course,
      extra: given<Record<string, unknown>>({
        sport: session.sportName ?? session.sport?.id,
        training_benefit: session.trainingBenefit,
        recovery_ms: session.recoveryTimeMillis,
        start_trigger: session.startTrigger,
        exercises: extras.length ? extras : undefined,
      }),
    }
    yield* series
    for (const { runningIndex } of exercises) // an estimate from pulse and pace
      if (runningIndex) yield { kind: 'sample', metric: 'vo2max', t: end, value: runningIndex, offset, quality: 'fair' }
  },
  sometimes: {
    'sport.id': 'where its name is known',
    'exercises.*.laps.autoLaps.*.durationMillis': 'where laps were pressed',
    'exercises.*.laps.autoLaps.*.distanceMeters': 'where laps were pressed',
  },
  unused: {
    modified: 'which of two tellings is the newer one',
    created: 'when it reached Polar',
    application: 'what brought it to Polar',
    latitude: why.place,
    longitude: why.place,
    feeling: why.person,
    note: why.person,
    physicalInformation: why.person,
    fatPercentage: why.shares,
    carboPercentage: why.shares,
    proteinPercentage: why.shares,
    trainingTarget: why.plan,
    favoriteTarget: why.plan,
    'exercises.*.identifier': 'the session has an id',
    'exercises.*.created': 'when it reached Polar',
    'exercises.*.modified': 'when it reached Polar',
    'exercises.*.stopTime': why.twice,
    'exercises.*.durationMillis': why.twice,
    'exercises.*.distanceMeters': why.twice,
    'exercises.*.calories': why.twice,
    'exercises.*.trainingLoad': why.twice,
    'exercises.*.recoveryTimeMillis': why.twice,
    'exercises.*.fatPercentage': why.shares,
    'exercises.*.carboPercentage': why.shares,
    'exercises.*.proteinPercentage': why.shares,
    'exercises.*.latitude': why.place,
    'exercises.*.longitude': why.place,
    'exercises.*.descentMeters': 'no total of ours',
    'exercises.*.walkingDurationMillis': 'a part of the whole',
    'exercises.*.walkingDistanceMeters': 'a part of the whole',
    'exercises.*.samples.transitionSamples': why.between,
    'exercises.*.samples.transitionRrSamples': why.between,
    'exercises.*.routes.transitionRoute': why.between,
    'exercises.*.sport.id': 'the session has its name',
    'exercises.*.laps.laps.*.descentMeters': 'no total of ours',
    'exercises.*.laps.laps.*.statistics.statistics.*.min': 'no total of ours',
    'exercises.*.laps.laps.*.splitTimeMillis':
      'where a lap ends for some who wrote of it and where it begins for others: the lengths say it',
    'exercises.*.laps.autoLaps.*.splitTimeMillis': 'as of the laps that were pressed',
  },
})

/** What changed later counts; in UTC, though it may not say so. */
function rankOf(modified: string | null | undefined): number {
  const t = modified ? wallOf(modified) : 0
  return Number.isNaN(t) ? 0 : t
}

/** Sessions are listed without features too, but for what was measured on the way; some are refused the features (400). */
async function* fetchSessions(http: ProviderHttp, window: Window, context: FetchContext): Pages {
  const { from, to } = datesOf(window, context)
  const found = await askFor(http, from, to)
  if (!found?.length) return
  const names = await sportNames(http, context)
  const days = Map.groupBy(found, (row) => String(row[list.at]).slice(0, 10))
  let features: readonly string[] = list.features
  for (const [date, rows] of [...days].sort(([a], [b]) => a.localeCompare(b))) {
    const isNew = features.length > 0 && !(await areKnown(rows, context))
    const whole = isNew ? await askFor(http, date, dayAfter(date), features) : []
    if (!whole) features = []
    const byId = new Map((whole ?? []).map((row) => [idOf(row), row]))
    yield rows.map((row) => named({ ...row, ...byId.get(idOf(row)) }, names))
  }
}

/** Undefined when the features are refused. A date alone is none here: it wants a time without a zone. */
const askFor = (http: ProviderHttp, from: string, to: string, features: readonly string[] = []) =>
  rowsOf(
    http,
    list.path,
    { from: `${from}T00:00:00`, to: `${to}T00:00:00`, features },
    list.names,
    features.length ? [400] : [],
  )

const Kept = Session.pick({ identifier: true, modified: true })

const idOf = (row: Row): string => String(Kept.safeParse(row).data?.identifier.id)

async function areKnown(rows: readonly Row[], { isKnown }: FetchContext): Promise<boolean> {
  for (const row of rows) {
    const { data } = Kept.safeParse(row)
    if (!data?.modified || !(await isKnown?.(String(data.identifier.id), rankOf(data.modified)))) return false
  }
  return true
}

function named(row: Row, names: SportNames): Row {
  const { sport, exercises } = Session.pick({ sport: true, exercises: true }).partial().safeParse(row).data ?? {}
  const sportName = names.get(String(sport?.id ?? exercises?.[0]?.sport?.id))
  return sportName === undefined ? row : { ...row, sportName }
}
