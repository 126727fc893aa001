import { z } from 'zod'
import type { TokenAnswer } from '../kit/auth.ts'
import { defineProvider } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given } from '../kit/tell.ts'
import { activities } from './activities.ts'
import { auth, signIn } from './auth.ts'
import { events } from './events.ts'
import { wellness } from './wellness.ts'

const athlete = z.object({ id: z.string(), name: z.string().nullish(), timezone: z.string().nullish() })

export const intervals = defineProvider({
  id: 'intervals',
  name: 'intervals.icu',
  makers: ['intervals'],
  arrives: 'cloud',
  auth,
  otherAuth: [signIn],
  access: {
    en: 'Everybody has an API key of their own. It is also a way for those whose watch’s maker gives no access: intervals.icu collects from Garmin, Polar, Suunto, COROS, Wahoo and others.',
    de: 'Alle haben einen eigenen API-Schlüssel. Das ist auch ein Weg für die, deren Uhrenhersteller keinen Zugang gibt: intervals.icu sammelt von Garmin, Polar, Suunto, COROS, Wahoo und anderen.',
    fr: 'Chacun a sa propre clé API. C’est aussi une voie pour ceux dont la marque de montre ne donne pas d’accès : intervals.icu rassemble Garmin, Polar, Suunto, COROS, Wahoo et d’autres.',
  },
  appUrl: 'https://intervals.icu/settings',
  api: 'https://intervals.icu',
  limits: [], // not published; 429 says how long
  /** Athlete `0` is whoever asks. A key may read everything; what a token may was said with it. */
  async account(http, token?: TokenAnswer) {
    const { id, name, timezone } = readAnswer(athlete, (await http.get('/api/v1/athlete/0')).body)
    return {
      account: id,
      profile: given({ name, time_zone: timezone }),
      ...(token ? {} : { scopes: ['ACTIVITY:READ', 'WELLNESS:READ', 'CALENDAR:READ'] }),
    }
  },
  /** An app is taken out of the person's list; a key they made themselves has nothing to take out, and is theirs to delete. */
  async leave(http) {
    await http.delete('/api/v1/disconnect-app', { expects: [400, 401, 403, 404, 405] })
  },
  feeds: { activities, wellness, events },
})
