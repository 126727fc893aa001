/** What an account has besides measurements: its things and its aims. Both are whole lists, whatever the time. */
import { z } from 'zod'
import { defineFeed, type Pages, timeless } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given } from '../kit/tell.ts'
import { withoutMetric } from '../kit/without-metric.ts'
import { call, listOf } from './call.ts'
import { deviceOf, sometimes } from './devices.ts'

const whole = {
  scopes: ['user.info'],
  brings: [],
  windowDays: timeless,
  lookBackDays: 1,
}

async function* devicesOf(http: ProviderHttp): Pages {
  yield listOf((await call(http, '/v2/user', 'getdevice'))['devices'])
}

const text = z.string().nullish()

const Thing = z.object({
  model: z.string(),
  deviceid: text,
  hash_deviceid: text,
  last_session_date: z.number().nullish(),
})

export const devices = defineFeed<z.infer<typeof Thing>>({
  title: { en: 'Devices', de: 'Geräte', fr: 'Appareils' },
  ...whole,
  fetch: devicesOf,
  raw: Thing,
  source: deviceOf,
  *read({ last_session_date }) {
    yield { kind: 'thing', ...given({ seen: last_session_date ? last_session_date * 1_000 : undefined }) }
  },
  sometimes,
  unused: {
    type: 'the model says it',
    model_id: 'a number for the model',
    battery: 'a word (`high`), where a device of ours has a percentage',
    timezone: 'measurements say theirs',
  },
})

async function* goalsOf(http: ProviderHttp): Pages {
  yield [readAnswer(z.looseObject({}), (await call(http, '/v2/user', 'getgoals'))['goals'] ?? {})]
}

export const goals = defineFeed({
  title: { en: 'Goals', de: 'Ziele', fr: 'Objectifs' },
  ...whole,
  fetch: goalsOf,
  ...withoutMetric('an aim, not a measurement', ['steps', 'sleep', 'weight']),
})
