/** The things of the account, with their batteries: one list, whatever the time. */
import { z } from 'zod'
import { defineFeed, type Pages, timeless } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { sourceOf } from './source.ts'
import { text } from './wire.ts'

const answer = z.object({ pairedDevices: z.array(z.unknown()).nullish() })

async function* pairedDevices(http: ProviderHttp): Pages {
  const { body } = await http.get('/v4/users/me/pairedDevices', { pageSize: 100 })
  yield readAnswer(answer, body ?? {}).pairedDevices ?? []
}

const thing = z.object({
  deviceVersion: z.string(),
  batteryLevel: z.number().min(0).max(100).nullish(),
  lastSyncTime: text,
})

export const paired_devices = defineFeed<z.infer<typeof thing>>({
  title: { en: 'Devices', de: 'Geräte', fr: 'Appareils' },
  scopes: [scope.settings],
  brings: [],
  windowDays: timeless,
  lookBackDays: 1,
  fetch: pairedDevices,
  raw: thing,
  /** Points name their device by what is its version here. */
  source: ({ deviceVersion }) =>
    sourceOf({ dataSource: { platform: 'FITBIT', device: { displayName: deviceVersion } } }),
  *read({ batteryLevel, lastSyncTime }) {
    const seen = Date.parse(lastSyncTime ?? '')
    yield { kind: 'thing', ...given({ seen: Number.isNaN(seen) ? undefined : seen, battery: batteryLevel }) }
  },
  unused: {
    name: 'a device is known by what points call it',
    deviceType: 'what it is called says it',
    batteryStatus: 'a word for the level',
    macAddress: 'points do not name it',
    features: 'what it can do, not what it did',
  },
})
