/** Lists that hold no measurement: asked for, so that they stand in answers that are kept, and told by none of our metrics. */
import { z } from 'zod'
import { defineFeed, type Feed } from '../kit/feed.ts'
import { listed } from './records.ts'

const listWithout = (path: string, unused: Readonly<Record<string, string>>) => ({
  brings: [],
  ...listed(path),
  raw: z.looseObject({}),
  read: () => [],
  unused,
})

const warned = 'that a phone warned; the glucose it warned of is told'
const device = 'each value names the generation of its sensor'

export const listsWithoutMetric = {
  alerts: defineFeed({
    title: { en: 'Alerts', de: 'Warnungen', fr: 'Alertes' },
    ...listWithout('alerts', {
      recordId: warned,
      systemTime: warned,
      displayTime: warned,
      alertName: warned,
      alertState: warned,
    }),
  }),
  devices: defineFeed({
    title: { en: 'Devices', de: 'Geräte', fr: 'Appareils' },
    ...listWithout('devices', {
      transmitterGeneration: device,
      transmitterId: device,
      displayDevice: 'what shows the values, not what measured',
      displayApp: 'what shows the values, not what measured',
      lastUploadDate: 'the last value says when',
      alertSchedules: 'settings of its warnings',
    }),
  }),
} as const satisfies Readonly<Record<string, Feed>>
