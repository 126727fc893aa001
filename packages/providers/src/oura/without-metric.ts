/**
 * Lists that hold no measurement. They are asked for all the same: where answers are kept for a while, they can be read again once there
 * is a place for what they say. No notices are subscribed for them.
 */
import { z } from 'zod'
import { defineFeed, type Feed } from '../kit/feed.ts'
import { byDate, pagesOf } from './collections.ts'
import { byInstant } from './heart.ts'

const Document = z.looseObject({ id: z.string() })

/** `why` stands for all of a record, whose form is hardly documented. */
const told = (why: string, fields: readonly string[]) => ({
  brings: [],
  lookBackDays: 7,
  raw: Document,
  read: () => [],
  unused: Object.fromEntries(['id', ...fields].map((field) => [field, why])),
})

const advice = 'advice for the evening, not a measurement'
const ownWords = 'the person’s own marks, whose kinds are not documented'

export const listsWithoutMetric = {
  sleep_time: defineFeed({
    title: { en: 'Recommended bedtimes', de: 'Empfohlene Schlafenszeiten', fr: 'Heures de coucher conseillées' },
    ...told(advice, ['day']),
    ...byDate('sleep_time'),
  }),
  rest_mode_period: defineFeed({
    title: { en: 'Rest mode', de: 'Ruhemodus', fr: 'Mode repos' },
    ...told('a setting of the app, not a measurement', ['day']),
    ...byDate('rest_mode_period'),
  }),
  enhanced_tag: defineFeed({
    title: { en: 'Tags', de: 'Tags', fr: 'Tags' },
    scopes: ['tag'],
    ...told(ownWords, ['day']),
    ...byDate('enhanced_tag'),
  }),
  tag: defineFeed({
    title: { en: 'Tags of before', de: 'Frühere Tags', fr: 'Anciens tags' },
    scopes: ['tag'],
    ...told(ownWords, ['day']),
    ...byDate('tag'),
  }),
  ring_configuration: defineFeed({
    title: { en: 'Rings', de: 'Ringe', fr: 'Bagues' },
    ...told('no record says which ring measured it', ['hardware_type', 'firmware_version', 'size', 'set_up_at']),
    windowDays: 36_500, // the list knows no dates: once is enough
    fetch: (http) => pagesOf(http, 'ring_configuration', {}),
  }),
  ring_battery_level: defineFeed<{ timestamp: string }>({
    title: { en: 'Battery of the ring', de: 'Akku des Rings', fr: 'Batterie de la bague' },
    ...told('the ring’s battery, and it does not say of which ring', ['timestamp', 'timestamp_unix', 'level']),
    raw: z.looseObject({ timestamp: z.iso.datetime({ offset: true }) }),
    ...byInstant('ring_battery_level'),
  }),
} as const satisfies Readonly<Record<string, Feed>>
