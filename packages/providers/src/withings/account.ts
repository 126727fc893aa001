/** What an account has besides measurements: its things and its aims. Both are whole lists, whatever the time. */
import { z } from 'zod'
import { defineFeed, type Pages } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { call, listOf } from './call.ts'

const whole = {
  scopes: ['user.info'],
  brings: [],
  windowDays: 36_500,
  lookBackDays: 1,
  raw: z.looseObject({}),
  read: () => [],
}

async function* devicesOf(http: ProviderHttp): Pages {
  yield listOf((await call(http, '/v2/user', 'getdevice'))['devices'])
}

const thing = 'what measured names its thing itself'

export const devices = defineFeed({
  title: { en: 'Devices', de: 'Geräte', fr: 'Appareils' },
  ...whole,
  fetch: devicesOf,
  unused: {
    type: thing,
    model: thing,
    model_id: 'a number for the model',
    battery: 'a word (`high`), where a device of ours has a percentage',
    deviceid: thing,
    hash_deviceid: thing,
    timezone: 'measurements say theirs',
    last_session_date: 'what it measured says when',
  },
})

async function* goalsOf(http: ProviderHttp): Pages {
  yield [readAnswer(z.looseObject({}), (await call(http, '/v2/user', 'getgoals'))['goals'] ?? {})]
}

export const goals = defineFeed({
  title: { en: 'Goals', de: 'Ziele', fr: 'Objectifs' },
  ...whole,
  fetch: goalsOf,
  unused: {
    steps: 'an aim, not a measurement',
    sleep: 'an aim, not a measurement',
    weight: 'an aim, not a measurement',
  },
})
