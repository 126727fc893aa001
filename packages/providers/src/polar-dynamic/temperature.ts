/** Stretches in which a watch measured the skin, or a sensor the core of the body. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { isGiven, seriesOf } from '../kit/tell.ts'
import { byList } from './lists.ts'
import { number, text, wallOf } from './wire.ts'

const Period = z.object({
  startTime: z.string(),
  measurementType: text,
  temperatureMeasurementSamples: z
    .array(z.object({ temperatureCelsius: number, recordingTimeDeltaMilliseconds: number }))
    .nullish(),
})

export const temperature = defineFeed<z.infer<typeof Period>>({
  title: { en: 'Temperature', de: 'Temperatur', fr: 'Température' },
  scopes: ['temperature_measurement:read'],
  brings: ['skin_temperature', 'body_temperature'],
  ...byList({
    path: '/temperature-measurements',
    names: ['temperatureMeasurementPeriod'],
    at: 'startTime',
    features: [],
  }),
  raw: Period,
  *read({ startTime, measurementType, temperatureMeasurementSamples }) {
    const start = wallOf(startTime) // UTC, as AccessLink v3 tells it
    const points = (temperatureMeasurementSamples ?? []).flatMap((one): [number, number][] =>
      isGiven(one.temperatureCelsius)
        ? [[start + (one.recordingTimeDeltaMilliseconds ?? 0), one.temperatureCelsius]]
        : [],
    )
    yield* seriesOf(measurementType?.includes('SKIN') ? 'skin_temperature' : 'body_temperature', points)
  },
  unused: { sensorLocation: 'the kind of measurement says it' },
})
