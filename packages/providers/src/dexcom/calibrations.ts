/** Fingersticks by which a sensor was set right. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { RecordError } from '../kit/read-records.ts'
import { given } from '../kit/tell.ts'
import { fingerstick, glucoseUnits, listed, momentOf, Times } from './records.ts'

const Calibration = z.object({ ...Times.shape, recordId: z.string().nullish(), value: z.number(), unit: z.string() })

export const calibrations = defineFeed<z.infer<typeof Calibration>>({
  title: { en: 'Fingersticks', de: 'Blutzuckermessungen', fr: 'Glycémies capillaires' },
  brings: ['blood_glucose'],
  ...listed('calibrations'),
  raw: Calibration,
  source: () => fingerstick,
  *read({ recordId, value, unit, ...times }) {
    if (!glucoseUnits.has(unit)) throw new RecordError('its unit is not said')
    yield {
      kind: 'sample',
      metric: 'blood_glucose',
      ...momentOf(times),
      value,
      unit,
      method: 'active',
      ...given({ recordId }),
    }
  },
  unused: {
    transmitterId: 'the sensor that was set right, not what measured',
    transmitterTicks: 'the sensor’s own clock',
    transmitterGeneration: 'the sensor that was set right, not what measured',
    displayDevice: 'where it was entered',
  },
})
