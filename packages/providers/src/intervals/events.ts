/** The calendar: what an athlete, or their coach, means to do. */
import { activityFromName } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'
import { given } from '../kit/tell.ts'
import { momentOf } from '../kit/zone.ts'
import { localDates } from './dates.ts'

/** A season and the next. */
const aheadMs = 365 * 86_400_000

/** Notes, holidays, sickness, targets of a week and settings stand there as well: nothing of them can be done. */
const plans = /^(WORKOUT|RACE_[ABC])$/

const listed = z.object({
  id: z.number(),
  category: z.string(),
  hide_from_athlete: z.boolean().nullish(),
  for_week: z.boolean().nullish(),
})

/** What a coach hides is not to be seen before its time, and what is meant for a week has no day. */
const isPlan = (event: z.infer<typeof listed>): boolean =>
  plans.test(event.category) && !event.hide_from_athlete && !event.for_week

/** One answer holds the whole stretch, and that which is to come is asked for with the last of the past. */
async function* eventPages(http: ProviderHttp, window: Window, { account, now }: FetchContext): Pages {
  const isLast = window.to >= now
  const dates = localDates({ from: window.from, to: isLast ? now + aheadMs : window.to })
  const { body } = await http.get(`/api/v1/athlete/${account}/events`, dates)
  const events = readAnswer(z.array(z.unknown()), body)
  yield events
  const known = events.map((event) => listed.safeParse(event).data)
  if (!isLast || known.includes(undefined)) return
  const ids = known.flatMap((event) => (event && isPlan(event) ? [String(event.id)] : []))
  yield [{ calendar: { from: dates.oldest, to: dates.newest, ids, asked: now } }]
}

const number = z.number().nullish()
const text = z.string().nullish()

const setting = 'how intervals.icu shows it, or what it works out of it'
const coaching = 'who may see or change it there'
const aim = 'an aim of the week or of the training, for which a plan has no place'

export const events = defineFeed({
  title: { en: 'Calendar', de: 'Kalender', fr: 'Calendrier' },
  scopes: ['CALENDAR:READ', 'CALENDAR:WRITE'],
  brings: [],
  windowDays: 365,
  lookBackDays: 7,
  fetch: eventPages,
  raw: z.union([
    z.object({ calendar: z.object({ from: z.string(), to: z.string(), ids: z.array(z.string()), asked: z.number() }) }),
    listed.extend({
      start_date_local: z.string(),
      type: text,
      name: text,
      description: text,
      moving_time: number,
      distance: number,
      distance_target: number,
      time_target: number,
      updated: text,
    }),
  ]),
  version: (one) =>
    'calendar' in one
      ? { key: 'calendar', rank: one.calendar.asked }
      : { key: String(one.id), rank: Date.parse(one.updated ?? '') || 0 },
  *read(one, { timeZone }) {
    if ('calendar' in one) {
      const { from, to, ids, asked } = one.calendar
      return yield { kind: 'calendar', from, to, externalIds: ids, asked }
    }
    if (!isPlan(one)) return
    const [date = '', time = ''] = one.start_date_local.replace(/Z$/, '').split('T')
    const wall = Date.parse(`${date}T${time || '00:00:00'}Z`)
    if (Number.isNaN(wall)) throw new RecordError('it does not say on which day it is')
    yield {
      kind: 'plan',
      externalId: String(one.id),
      date,
      title: one.name?.trim() || one.type || 'Workout',
      ...given({
        // One without a time begins with its day.
        start: /^(00:00(:00)?)?$/.test(time) ? undefined : momentOf(wall, timeZone),
        activity: one.type ? activityFromName(one.type) : undefined,
        description: one.description,
        duration: one.moving_time ?? one.time_target,
        distance: one.distance ?? one.distance_target,
      }),
    }
  },
  unused: {
    updated: 'only tells which of two tellings is the later',
    paired_activity_id: 'what was done is found by the rule that holds for all plans',
    end_date_local: 'a plan is of one day',
    icu_training_load: aim,
    icu_intensity: aim,
    load_target: aim,
    indoor: aim,
    tags: aim,
    uid: 'the id tells it from others',
    external_id: 'of the app that put it there',
    athlete_id: 'the connection knows whose it is',
    calendar_id: setting,
    color: setting,
    icu_ftp: setting,
    show_as_note: setting,
    created_by_id: coaching,
    athlete_cannot_edit: coaching,
    workout_doc: 'the steps as intervals.icu understands the description',
  },
  sometimes: {
    time_target: 'where no workout says how long it takes',
    distance_target: 'where no workout says how far it goes',
  },
})
