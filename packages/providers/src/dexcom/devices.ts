/** Sensors of the account, and when each was last heard from. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { listed, momentOf, sensorOf } from './records.ts'

const text = z.string().nullish()

const Device = z.object({ transmitterGeneration: text, lastUploadDate: text })

export const devices = defineFeed<z.infer<typeof Device>>({
  title: { en: 'Devices', de: 'Geräte', fr: 'Appareils' },
  brings: [],
  ...listed('devices'),
  raw: Device,
  source: sensorOf,
  *read(device) {
    if (!sensorOf(device)) return
    const { lastUploadDate: systemTime } = device
    yield { kind: 'thing', ...(systemTime ? { seen: momentOf({ systemTime }).t } : {}) }
  },
  unused: {
    transmitterId: 'a sensor lives days; its generation is the device',
    displayDevice: 'what shows the values, not what measured',
    displayApp: 'what shows the values, not what measured',
    alertSchedules: 'settings of its warnings',
  },
})
