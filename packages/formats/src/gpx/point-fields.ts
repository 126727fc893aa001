/** Namespaces whose elements inside a point we read; `''` is an element without one. */
import { tableOf } from '@tributary/protocol'

export const pointNamespaces = new Set([
  '',
  'http://www.topografix.com/GPX/1/1',
  'http://www.topografix.com/GPX/1/0',
  'http://www.garmin.com/xmlschemas/TrackPointExtension/v1',
  'http://www.garmin.com/xmlschemas/TrackPointExtension/v2',
  'http://www.garmin.com/xmlschemas/GpxExtensions/v3',
  'http://www.garmin.com/xmlschemas/PowerExtension/v1',
  'http://www.cluetrust.com/XML/GPXDATA/1/0',
  'http://www.cluetrust.com/Schemas/gpxdata10.xsd',
])

/** Local name in lower case to metric, or stream of the session with `/`. */
export const pointFields: Record<string, string> = tableOf({
  hr: 'heart_rate',
  heartrate: 'heart_rate',
  cad: 'cadence',
  cadence: 'cadence',
  runcadence: 'cadence',
  atemp: 'ambient_temperature',
  temp: 'ambient_temperature',
  temperature: 'ambient_temperature',
  wtemp: 'water_temperature',
  power: 'power',
  powerinwatts: 'power',
  watts: 'power',
  speed: 'speed',
  depth: 'underwater_depth',
  distance: '/distance',
  hacc: '/horizontal_accuracy',
  vacc: '/vertical_accuracy',
})

const heading = 'where the receiver was heading'
const words = 'words on a single point'
const sky = 'how well the receiver saw its satellites, which is no length'

/** Of the base schema, without a use, and why. */
export const otherFields: Readonly<Record<string, string>> = tableOf({
  course: heading,
  bearing: heading,
  magvar: heading,
  geoidheight: 'heights are kept as they were written',
  name: words,
  cmt: words,
  desc: words,
  src: words,
  link: words,
  text: words,
  url: words,
  urlname: words,
  sym: 'how a map draws the point',
  type: words,
  fix: sky,
  sat: sky,
  hdop: sky,
  vdop: sky,
  pdop: sky,
  ageofdgpsdata: sky,
  dgpsid: sky,
})
