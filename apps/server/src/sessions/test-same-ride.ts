/** One ride as three programs write it: the watch's FIT, and what two services export of it. */
import { writeRide } from '@tributary/formats/testing'
import type { SentFile } from '../imports/test-uploads.ts'

interface Ride {
  /** Milliseconds. */
  start: number
  seconds?: number
  /** Moves what the exports say, as their clocks do. */
  shift?: number
  name?: string
}

export type RideFormat = 'fit' | 'tcx' | 'gpx'

export function sameRide(format: RideFormat, { start, seconds = 600, shift = 0, name = 'ride' }: Ride): SentFile {
  const write = {
    fit: () => writeRide({ start, seconds }),
    tcx: () => writeTcx(start + shift, seconds),
    gpx: () => writeGpx(start + shift, seconds),
  }
  return { name: `${name}.${format}`, bytes: write[format]() }
}

const at = (ms: number) => new Date(ms).toISOString()
const points = (start: number, seconds: number, write: (time: string, i: number) => string) =>
  Array.from({ length: seconds }, (_, i) => write(at(start + i * 1_000), i)).join('\n')

function writeTcx(start: number, seconds: number): Uint8Array {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
<Activities><Activity Sport="Biking"><Id>${at(start)}</Id>
<Lap StartTime="${at(start)}"><TotalTimeSeconds>${seconds - 1}</TotalTimeSeconds><DistanceMeters>${seconds * 8}</DistanceMeters>
<Track>${points(start, seconds, (time, i) => `<Trackpoint><Time>${time}</Time><HeartRateBpm><Value>${120 + (i % 20)}</Value></HeartRateBpm></Trackpoint>`)}</Track></Lap>
</Activity></Activities></TrainingCenterDatabase>`)
}

function writeGpx(start: number, seconds: number): Uint8Array {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Somewhere" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Lunch ride</name><type>cycling</type><trkseg>
${points(start, seconds, (time, i) => `<trkpt lat="${(51.1 + i * 7e-5).toFixed(6)}" lon="17.0385"><ele>118</ele><time>${time}</time></trkpt>`)}
</trkseg></trk></gpx>`)
}
