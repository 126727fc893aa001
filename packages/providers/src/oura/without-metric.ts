/** Lists that hold no measurement. No notices are subscribed for them. */
import { defineFeed, type Feed, timeless, type Window } from '../kit/feed.ts'
import type { ProviderHttp, Query } from '../kit/http.ts'
import { withoutMetric } from '../kit/without-metric.ts'
import { datesOf, pagesOf } from './collections.ts'
import { instantsOf } from './heart.ts'

/** No scope is documented for most of them: an app that may not have one is refused, and misses nothing. */
const refusals = [401, 403]

/** `why` stands for all of a record, whose form is hardly documented. */
const list = (collection: string, asked: (window: Window) => Query, why: string, fields: readonly string[]) => ({
  ...withoutMetric(why, fields),
  windowDays: 30,
  lookBackDays: 7,
  fetch: (http: ProviderHttp, window: Window) => pagesOf(http, collection, asked(window), { passes: refusals }),
})

const advice = 'advice for the evening, not a measurement'
const setting = 'a setting of the app, not a measurement'
const ownWords = 'the person’s own marks, whose kinds are not documented'
const ofWhichRing = 'no record says which ring measured it'
const battery = 'the battery of a ring that is not named'

export const listsWithoutMetric = {
  daily_resilience: defineFeed({
    title: { en: 'Resilience', de: 'Widerstandskraft', fr: 'Résilience' },
    ...list('daily_resilience', datesOf, 'a word and its parts, on scales of Oura’s own', [
      'id',
      'day',
      'level',
      'contributors',
    ]),
  }),
  sleep_time: defineFeed({
    title: { en: 'Recommended bedtimes', de: 'Empfohlene Schlafenszeiten', fr: 'Heures de coucher conseillées' },
    ...list('sleep_time', datesOf, advice, ['id', 'day', 'optimal_bedtime', 'recommendation', 'status']),
  }),
  rest_mode_period: defineFeed({
    title: { en: 'Rest mode', de: 'Ruhemodus', fr: 'Mode repos' },
    ...list('rest_mode_period', datesOf, setting, ['id', 'start_day', 'end_day', 'start_time', 'end_time', 'episodes']),
  }),
  enhanced_tag: defineFeed({
    title: { en: 'Tags', de: 'Tags', fr: 'Tags' },
    scopes: ['tag'],
    ...list('enhanced_tag', datesOf, ownWords, [
      'id',
      'start_day',
      'end_day',
      'start_time',
      'end_time',
      'tag_type_code',
      'custom_name',
      'comment',
    ]),
  }),
  tag: defineFeed({
    title: { en: 'Tags of before', de: 'Frühere Tags', fr: 'Anciens tags' },
    scopes: ['tag'],
    ...list('tag', datesOf, ownWords, ['id', 'day', 'timestamp', 'text', 'tags']),
  }),
  ring_configuration: defineFeed({
    title: { en: 'Rings', de: 'Ringe', fr: 'Bagues' },
    ...list('ring_configuration', () => ({}), ofWhichRing, [
      'id',
      'color',
      'design',
      'hardware_type',
      'firmware_version',
      'size',
      'set_up_at',
    ]),
    windowDays: timeless,
  }),
  ring_battery_level: defineFeed({
    title: { en: 'Battery of the ring', de: 'Akku des Rings', fr: 'Batterie de la bague' },
    ...list('ring_battery_level', instantsOf, battery, [
      'timestamp',
      'timestamp_unix',
      'level',
      'charging',
      'in_charger',
    ]),
  }),
} as const satisfies Readonly<Record<string, Feed>>
