/** What the person wrote down, and what the device warned of: events, each with an id of its own. */
import { type EventReading, type MetricId, tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { scope } from './auth.ts'
import { listOf } from './point-feed.ts'
import { sourceOf, unusedOfInterval, unusedOfSample, unusedOfSource } from './source.ts'
import { dataSource, idOr, interval, momentOf, sampleTime, stretchOf, text } from './wire.ts'

type Named = { name?: string | null | undefined; sampleTime: z.infer<typeof sampleTime> }

/** `part` where one entry is several events. */
function entered(metric: MetricId, { name, sampleTime }: Named, value: EventReading['value'], part = ''): EventReading {
  const { t: start, ...zone } = momentOf(sampleTime)
  return {
    kind: 'event',
    metric,
    start,
    value,
    ...zone,
    externalId: `${metric}:${idOr(name, sampleTime.physicalTime)}${part && `:${part}`}`,
  }
}

const entryUnused = (key: string) => ({
  ...unusedOfSource,
  ...unusedOfSample(key),
  'dataSource.recordingMethod': 'the person wrote it down',
})

/** That nothing is wrong, and how much one feels like it, are no symptoms. */
const noSymptom = /^(SYMPTOM_VALUE_UNSPECIFIED|FEEL_GOOD|NORMAL_\w+|SEX_DRIVE_\w+)$/

export const symptoms = defineFeed({
  title: { en: 'Symptoms', de: 'Beschwerden', fr: 'Symptômes' },
  scopes: [scope.symptoms],
  brings: ['symptom'],
  ...listOf({ type: 'symptoms', shape: 'sample', call: 'list' }),
  raw: z.object({ name: text, dataSource, symptoms: z.object({ sampleTime, symptoms: z.array(z.string()) }) }),
  source: (record) => sourceOf(record),
  *read({ name, symptoms: { sampleTime, symptoms } }) {
    for (const word of symptoms) {
      const code = word.toLowerCase().replace(/_v\d$/, '')
      if (!noSymptom.test(word)) yield entered('symptom', { name, sampleTime }, { value: code }, code)
    }
  },
  unused: entryUnused('symptoms'),
})

const pleasantness: Readonly<Record<string, number>> = tableOf({ UNPLEASANT: -1, BASELINE: 0, PLEASANT: 1 })

/** How pleasant a mood is, is said by valences; the words of moods alone cannot be weighed and tell nothing. */
export const moods = defineFeed({
  title: { en: 'Moods', de: 'Stimmungen', fr: 'Humeurs' },
  scopes: [scope.mindfulness],
  brings: ['mood'],
  ...listOf({ type: 'moods', shape: 'sample', call: 'list' }),
  raw: z.object({
    name: text,
    dataSource,
    moods: z.object({ sampleTime, moods: z.array(z.string()).nullish(), valences: z.array(z.string()).nullish() }),
  }),
  source: (record) => sourceOf(record),
  *read({ name, moods: { sampleTime, moods, valences } }) {
    const weighed = (valences ?? []).flatMap((word) => pleasantness[word] ?? [])
    if (!weighed.length) return
    const value = weighed.reduce((sum, one) => sum + one, 0) / weighed.length
    const words = (moods ?? []).map((word) => word.toLowerCase().replaceAll('_', ' ')).join(', ')
    yield entered('mood', { name, sampleTime }, { value, ...(words ? { words } : {}) })
  },
  unused: entryUnused('moods'),
})

const results: Readonly<Record<string, string>> = tableOf({
  NEGATIVE: 'negative',
  POSITIVE: 'positive',
  LUTEINIZING_HORMONE_SURGE: 'positive',
  ESTROGEN_SURGE: 'high',
  INDETERMINATE: 'inconclusive',
})

export const ovulation_tests = defineFeed({
  title: { en: 'Ovulation tests', de: 'Ovulationstests', fr: 'Tests d’ovulation' },
  scopes: [scope.cycle],
  brings: ['ovulation_test'],
  ...listOf({ type: 'ovulation-test', shape: 'sample', call: 'list' }),
  raw: z.object({ name: text, dataSource, ovulationTest: z.object({ sampleTime, result: z.string() }) }),
  source: (record) => sourceOf(record),
  *read({ name, ovulationTest: { sampleTime, result } }) {
    const value = results[result]
    if (value) yield entered('ovulation_test', { name, sampleTime }, { value })
  },
  unused: entryUnused('ovulationTest'),
})

const reckonedFrom =
  'what the notice was reckoned from, beat by beat and in whole beats a minute; the pulse has its own list'

export const irregular_rhythm = defineFeed({
  title: {
    en: 'Irregular rhythm notices',
    de: 'Hinweise auf unregelmäßigen Rhythmus',
    fr: 'Notifications de rythme irrégulier',
  },
  scopes: [scope.rhythm],
  brings: ['heart_event_irregular'],
  ...listOf({ type: 'irregular-rhythm-notification', shape: 'session', call: 'list' }),
  raw: z.object({ name: text, dataSource, irregularRhythmNotification: z.object({ interval }) }),
  source: (record) => sourceOf(record),
  *read({ name, irregularRhythmNotification: { interval } }) {
    const { t: start, duration, ...zone } = stretchOf(interval)
    yield {
      kind: 'event',
      metric: 'heart_event_irregular',
      start,
      end: start + duration,
      value: { value: 1 },
      ...zone,
      externalId: `heart_event_irregular:${idOr(name, interval.startTime)}`,
    }
  },
  unused: {
    ...unusedOfSource,
    ...unusedOfInterval('irregularRhythmNotification'),
    'dataSource.recordingMethod': 'a notice is reckoned',
    'irregularRhythmNotification.alertWindows': reckonedFrom,
    'irregularRhythmNotification.medicalDeviceInfo': 'which versions of programs reckoned it',
  },
})
