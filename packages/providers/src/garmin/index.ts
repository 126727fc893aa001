import { ProviderError } from '../kit/errors.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { defineProvider } from '../kit/provider.ts'
import { membersOf } from '../kit/token-answer.ts'
import { activities } from './activities.ts'
import { activityDetails } from './activity-details.ts'
import { activityFiles } from './activity-files.ts'
import { auth, legacy } from './auth.ts'
import { bloodPressures, bodyComps, userMetrics } from './body.ts'
import {
  healthSnapshot,
  hrv,
  menstrualCycle,
  moveIq,
  pulseOx,
  respiration,
  skinTemperature,
  stressDetails,
} from './courses.ts'
import { dailies } from './dailies.ts'
import { epochs } from './epochs.ts'
import { sleeps } from './sleeps.ts'
import { webhook } from './webhook.ts'

const user = '/wellness-api/rest/user'

/** A list, or an object with the list in it. */
async function granted(http: ProviderHttp): Promise<readonly string[]> {
  const { body } = await http.get(`${user}/permissions`)
  const list = Array.isArray(body) ? body : membersOf(body)['permissions']
  if (!Array.isArray(list)) throw new ProviderError('bad_data', 'Garmin did not say what is allowed')
  return list.map(String)
}

export const garmin = defineProvider({
  id: 'garmin',
  name: 'Garmin',
  makers: ['garmin'],
  arrives: 'cloud',
  auth,
  otherAuth: [legacy],
  access: {
    en: 'Garmin gives access to companies and institutions only, through its Connect Developer Program. Without it, import your Garmin export or the FIT files of your watch.',
    de: 'Garmin gibt nur Firmen und Einrichtungen Zugang, über das Connect Developer Program. Ohne ihn importierst du deinen Garmin-Export oder die FIT-Dateien deiner Uhr.',
    fr: 'Garmin n’ouvre l’accès qu’aux entreprises et institutions, par son Connect Developer Program. Sans lui, importez votre export Garmin ou les fichiers FIT de votre montre.',
  },
  appUrl: 'https://developer.garmin.com/gc-developer-program/',
  api: 'https://apis.garmin.com',
  limits: [{ requests: 100, per: '1m', of: 'app' }], // of an evaluation key, which every app begins with
  /** 412: the person is not known any more, or took a permission away. A new token changes neither. */
  fault: (status) =>
    status === 412
      ? new ProviderError('scope', 'Garmin says that this permission was not given', { status })
      : undefined,
  async account(http) {
    const account = membersOf((await http.get(`${user}/id`)).body)['userId']
    if (typeof account !== 'string') throw new ProviderError('bad_data', 'Garmin did not say whose account it is')
    return { account, profile: {}, scopes: await granted(http) }
  },
  granted,
  async leave(http) {
    await http.delete(`${user}/registration`, { expects: [404] })
  },
  feeds: {
    activities,
    activity_details: activityDetails,
    activity_files: activityFiles,
    dailies,
    epochs,
    sleeps,
    hrv,
    stress_details: stressDetails,
    pulse_ox: pulseOx,
    respiration,
    skin_temperature: skinTemperature,
    health_snapshot: healthSnapshot,
    body_comps: bodyComps,
    blood_pressures: bloodPressures,
    user_metrics: userMetrics,
    move_iq: moveIq,
    menstrual_cycle: menstrualCycle,
  },
  webhook,
})
