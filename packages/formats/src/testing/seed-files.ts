import { base } from '../fit/base-types.ts'
import { FitWriter } from '../fit/write.ts'
import { fixture } from './fixture.ts'
import { writeRide } from './ride.ts'

const start = Date.UTC(2026, 5, 1, 6)

/** Good files of every format to damage: small ones, so that damage hits something. */
export function seedFiles(): Uint8Array[] {
  return [
    fixture('fit/garmin-fenix-5-walk.fit'),
    fixture('fit/activity-settings-corruptheader.fit'),
    fixture('fit/activity-unexpected-eof.fit'),
    fixture('fit/sample-activity.fit').subarray(0, 12_000),
    writeRide({ start, seconds: 120, lapSeconds: 30, offset: 120 }),
    everyKindOfMessage(),
    fixture('tcx/sup_activity_1.tcx').subarray(0, 16_000),
    endOf(fixture('tcx/sup_activity_1.tcx'), '<Activities>', '<Lap StartTime', 2),
    fixture('gpx/cerknicko-jezero.gpx').subarray(0, 12_000),
    fixture('gpx/gpx_with_garmin_extension.gpx'),
    new TextEncoder().encode(gpxWithExtensions),
    fixture('apple-health/sample/export.xml'),
    partOf(
      fixture('apple-health/everything/exportar.xml'),
      '<HealthData',
      ' <Record type="HKQuantityTypeIdentifierBloodPressure',
    ),
  ]
}

/** The head of a document up to `head`, and then its end from the nth `from`. */
function endOf(bytes: Uint8Array, head: string, from: string, nth: number): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  let at = -1
  for (let i = 0; i < nth; i++) at = text.indexOf(from, at + 1)
  const activity = '<Activity Sport="Other"><Id>2022-07-16T16:08:25.000Z</Id>'
  return Buffer.from(text.slice(0, text.indexOf(head) + head.length) + activity + text.slice(at), 'latin1')
}

/** A document from its root on, its first elements, and then those from `from` on. */
function partOf(bytes: Uint8Array, root: string, from: string): Uint8Array {
  const text = Buffer.from(bytes).toString()
  const start = text.indexOf(root)
  return Buffer.from(text.slice(start, start + 3000).replace(/[^\n]*$/, '') + text.slice(text.indexOf(from)))
}

/** Laps, lengths, beats, developer fields, compressed times, big-endian messages and arrays. */
function everyKindOfMessage(): Uint8Array {
  const tick = 1_149_000_000
  const fit = new FitWriter()
  fit.define(
    0,
    0,
    [
      [0, base.enum],
      [1, base.uint16],
      [2, base.uint16],
      [3, base.uint32z],
      [4, base.uint32],
    ],
    [],
    true,
  )
  fit.message(0, [4, 32, 40, 12_345, tick])
  fit
    .define(1, 207, [
      [1, base.byte, 16],
      [3, base.uint8],
    ])
    .message(1, [[1, 2, 3], 0])
  fit.define(1, 206, [
    [0, base.uint8],
    [1, base.uint8],
    [2, base.uint8],
    [3, base.string, 12],
    [15, base.uint8],
  ])
  fit.message(1, [0, 0, 0x84, 'Power', 7]).message(1, [0, 1, 0x88, 'Form', 255])
  const developer = [
    { num: 0, size: 2, application: 0, type: base.uint16 },
    { num: 1, size: 4, application: 0, type: base.float32 },
  ]
  fit.define(
    2,
    20,
    [
      [253, base.uint32],
      [0, base.sint32],
      [1, base.sint32],
      [8, base.byte, 3],
      [30, base.uint8],
    ],
    developer,
  )
  for (let i = 0; i < 20; i++)
    fit.message(2, [tick + i, 600_000_000 + i, 200_000_000 + i, [i, i, i], 0x80 | 50, 200 + i, i / 3])
  fit.define(3, 20, [
    [3, base.uint8],
    [4, base.uint8],
    [53, base.uint8],
  ])
  for (let i = 0; i < 40; i++) fit.compressed(3, tick + 20 + i, [120 + i, 80, i])
  fit.define(4, 78, [[0, base.uint16, 5]])
  for (let i = 0; i < 10; i++) fit.message(4, [[600 + i, 610, 620, 0xffff, 0xffff]])
  fit
    .define(5, 132, [
      [253, base.uint32],
      [6, base.uint8, 2],
      [9, base.uint32, 2],
    ])
    .message(5, [tick, [90, 91], [1024, 2048]])
  fit
    .define(5, 132, [
      [6, base.uint8, 8],
      [10, base.byte, 12],
    ])
    .message(5, [
      [90, 91, 92, 93, 94, 95, 96, 97],
      [0, 16, 32, 48, 64, 80, 96, 112],
    ])
  fit.define(6, 21, [
    [253, base.uint32],
    [0, base.enum],
    [1, base.enum],
  ])
  for (const [i, type] of [0, 4, 0, 1, 0, 9].entries()) fit.message(6, [tick + i * 10, 0, type])
  fit.define(
    7,
    101,
    [
      [253, base.uint32],
      [2, base.uint32],
      [3, base.uint32],
      [5, base.uint16],
      [7, base.enum],
      [12, base.enum],
    ],
    [],
    true,
  )
  for (let i = 0; i < 4; i++) fit.message(7, [tick + 15 + 15 * i, tick + 15 * i, 15_000, 12, i, i % 2])
  fit.define(8, 19, [
    [253, base.uint32],
    [2, base.uint32],
    [7, base.uint32],
    [9, base.uint32],
  ])
  for (let i = 0; i < 2; i++) fit.message(8, [tick + 30 + 30 * i, tick + 30 * i, 30_000, 10_000])
  fit.define(9, 18, [
    [253, base.uint32],
    [2, base.uint32],
    [7, base.uint32],
    [8, base.uint32],
    [9, base.uint32],
    [5, base.enum],
    [25, base.uint16],
    [26, base.uint16],
  ])
  fit
    .message(9, [tick + 30, tick, 30_000, 30_000, 10_000, 1, 0, 1])
    .message(9, [tick + 60, tick + 30, 30_000, 30_000, 10_000, 5, 1, 1])
  fit
    .define(10, 34, [
      [253, base.uint32],
      [5, base.uint32],
    ])
    .message(10, [tick + 60, tick + 7260])
  return fit.finish()
}

const gpxWithExtensions = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Garmin Edge 530" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
<metadata><time>2026-11-09T15:02:00Z</time></metadata><trk><name><![CDATA[Łódź & 🚴]]></name><type>running</type><trkseg>
${Array.from({ length: 30 }, (_, i) => `<trkpt lat="51.1${i}79" lon="17.03850${i}"><ele>${118 + i}.6</ele><time>2026-11-09T15:0${Math.floor(i / 10)}:${10 + i}Z</time><extensions><power>${187 + i}</power><gpxtpx:TrackPointExtension><gpxtpx:hr>${127 + i}</gpxtpx:hr><gpxtpx:cad>86</gpxtpx:cad></gpxtpx:TrackPointExtension></extensions></trkpt>`).join('\n</trkseg><trkseg>\n')}
</trkseg></trk></gpx>`
