import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseActivity } from '../parse-activity.ts'
import { codesOf, fixture, seriesOf, streamOf, valuesOf } from '../testing/fixture.ts'

const now = Date.UTC(2026, 11, 31)
const read = (text: string, filename?: string) =>
  parseActivity(new TextEncoder().encode(text), { now, ...(filename ? { filename } : {}) })

const open = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Demo Watch" xmlns="http://www.topografix.com/GPX/1/1"
     xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">`

const loop = `${open}
 <metadata><time>2026-11-09T15:02:00Z</time></metadata>
 <trk><name>Evening loop</name><type>cycling</type>
  <trkseg>
   <trkpt lat="51.107900" lon="17.038500"><ele>118.6</ele><time>2026-11-09T15:02:00Z</time>
    <extensions><power>187</power><gpxtpx:TrackPointExtension><gpxtpx:atemp>9</gpxtpx:atemp><gpxtpx:hr>127</gpxtpx:hr><gpxtpx:cad>86</gpxtpx:cad></gpxtpx:TrackPointExtension></extensions></trkpt>
   <trkpt lat="51.107955" lon="17.038590"><ele>118.7</ele><time>2026-11-09T15:02:02Z</time></trkpt>
  </trkseg>
  <trkseg><trkpt lat="51.108400" lon="17.040100"><ele>119.0</ele><time>2026-11-09T15:09:30Z</time></trkpt></trkseg>
 </trk>
</gpx>`

/** One track of the given points, as a schema-true file. */
function track(points: string, type = ''): string {
  return `${open}<trk>${type ? `<type>${type}</type>` : ''}<trkseg>${points}</trkseg></trk></gpx>`
}

function point(second: number, lat: number, more = ''): string {
  const time = new Date(Date.UTC(2026, 5, 1, 6, 0, second)).toISOString()
  return `<trkpt lat="${lat}" lon="19"><time>${time}</time>${more}</trkpt>`
}

test('a ride of two segments has one pause of 448 s between them and does not count the jump', async () => {
  const parsed = await read(loop)
  const [session] = parsed.sessions
  expect(parsed.sessions).toHaveLength(1)
  expect(session).toMatchObject({
    activity: 'cycling',
    title: 'Evening loop',
    externalId: 'gpx:2026-11-09T15:02:00.000Z',
  })
  const pauses = session?.parts.filter((part) => part.kind === 'pause') ?? []
  expect(pauses.map((pause) => (pause.end - pause.start) / 1000)).toEqual([448])
  expect(session?.totals['distance']).toBeCloseTo(8.8, 1)
  expect(session?.totals['active_duration']).toBe(2)
  expect(session?.totals['duration']).toBe(450)
  expect(session?.derived).toEqual(expect.arrayContaining(['distance', 'duration', 'active_duration']))
  expect(parsed.source).toEqual({ app: 'Demo Watch' })
})

test('its first point has 187 W, 127 bpm, 86 rpm and 9 degrees', async () => {
  const parsed = await read(loop)
  expect(valuesOf(parsed, 'power')).toEqual([187])
  expect(valuesOf(parsed, 'heart_rate')).toEqual([127])
  expect(valuesOf(parsed, 'cadence')).toEqual([86])
  expect(valuesOf(parsed, 'ambient_temperature')).toEqual([9])
  expect(valuesOf(parsed, 'elevation')).toEqual([118.6, 118.7, 119])
  expect([...seriesOf(parsed, 'power').t]).toEqual([Date.parse('2026-11-09T15:02:00Z')])
})

test('an Apple Health route starts with its first point, not with the time of export, and keeps speed and accuracy', async () => {
  const parsed =
    await read(`${open.replace('Demo Watch', 'Apple Health Export')}<metadata><time>2026-12-01T00:00:00Z</time></metadata>
    <trk><name>Route 2026-11-10 8:01am</name><trkseg><trkpt lon="21.012200" lat="52.229700"><ele>113.204411</ele><time>2026-11-10T07:01:15Z</time>
    <extensions><speed>2.712344</speed><course>184.220011</course><hAcc>4.911830</hAcc><vAcc>3.402217</vAcc></extensions></trkpt></trkseg></trk></gpx>`)
  expect(parsed.sessions[0]?.start).toBe(Date.parse('2026-11-10T07:01:15Z'))
  expect(valuesOf(parsed, 'speed')).toEqual([2.712344])
  expect([...streamOf(parsed, 'horizontal_accuracy').v]).toEqual([4.91183])
})

test('GPX 1.0 has its speed directly in the point', async () => {
  const parsed = await read(
    `<gpx version="1.0" creator="old" xmlns="http://www.topografix.com/GPX/1/0"><trk><trkseg>
     <trkpt lat="1" lon="2"><time>2020-01-01T00:00:00Z</time><speed>3.5</speed></trkpt></trkseg></trk></gpx>`,
  )
  expect(valuesOf(parsed, 'speed')).toEqual([3.5])
})

test('a logger file of 2010 becomes one workout for each track that does not touch the next', async () => {
  const parsed = await parseActivity(fixture('gpx/cerknicko-jezero.gpx'), { now })
  expect(parsed.sessions.map((session) => session.title)).toEqual([2, 3, 4, 5, 6].map((n) => `ACTIVE LOG #${n}`))
  expect(parsed.unused).toContainEqual({ name: 'waypoint', count: 7 })
  expect(parsed.records).toBe(296)
  expect(parsed.sessions[0]?.track?.lat[0]).toBe(45.772175)
})

test('a file of waypoints only is refused', async () => {
  const parsing = parseActivity(fixture('gpx/gpx_with_garmin_extension.gpx'), { now })
  await expect(parsing).rejects.toMatchObject({ code: 'empty' })
})

test('a track without times is a planned route and is refused as a workout', async () => {
  await expect(read(track('<trkpt lat="1" lon="2"/><trkpt lat="1.1" lon="2"/>'))).rejects.toMatchObject({
    code: 'route_only',
  })
})

test('points without a time keep the shape of the way but take no part in its speed', async () => {
  const parsed = await read(track(`${point(0, 50)}<trkpt lat="50.00001" lon="19"/>${point(2, 50.00002)}`))
  expect([...(parsed.sessions[0]?.track?.lat ?? [])]).toEqual([50, 50.00001, 50.00002])
  expect(parsed.sessions[0]?.track?.t[1]).toBeNaN()
  expect(streamOf(parsed, 'speed').t).toHaveLength(2)
})

test('tracks less than five minutes apart and of one sport are one workout', async () => {
  const two = `${open}<trk><trkseg>${point(0, 50)}${point(10, 50.0001)}</trkseg></trk><trk><trkseg>${point(70, 50.002)}${point(80, 50.0021)}</trkseg></trk></gpx>`
  const parsed = await read(two)
  expect(parsed.sessions).toHaveLength(1)
  expect(parsed.sessions[0]?.parts).toMatchObject([{ kind: 'pause', start: Date.UTC(2026, 5, 1, 6, 0, 10) }])
  expect(parsed.sessions[0]?.totals['distance']).toBeCloseTo(22.24, 1)
})

test('points out of order are sorted and two of one second are both kept', async () => {
  const parsed = await read(track(point(10, 50.0003) + point(0, 50) + point(5, 50.0001) + point(5, 50.0001)))
  const t = [...(parsed.sessions[0]?.track?.t ?? [])].map((ms) => (ms - Date.UTC(2026, 5, 1, 6)) / 1000)
  expect(t).toEqual([0, 5, 5, 10])
  expect(parsed.sessions[0]?.totals['distance']).toBeCloseTo(33.4, 1)
})

test('a speed of an aircraft between two points is not a way that was covered', async () => {
  const parsed = await read(track(point(0, 50) + point(1, 51) + point(2, 50.00002)))
  expect(parsed.sessions[0]?.totals['distance']).toBeCloseTo(2.2, 1)
})

test('a place known to no better than 50 m does not count for the distance', async () => {
  const vague = '<extensions><hAcc>80</hAcc></extensions>'
  const parsed = await read(track(point(0, 50) + point(10, 50.005, vague) + point(20, 50.001)))
  expect(parsed.sessions[0]?.totals['distance']).toBeCloseTo(111.2, 0)
  expect(parsed.sessions[0]?.track?.lat).toHaveLength(3)
})

test.each([
  ['lat="0" lon="0"', 'no fix'],
  ['lat="91" lon="0"', 'not on Earth'],
  ['lat="NaN" lon="4"', 'not a number'],
])('a point at %s is dropped from the track and counted', async (place, words) => {
  const parsed = await read(
    track(`${point(0, 50)}<trkpt ${place}><time>2026-06-01T06:00:05Z</time></trkpt>${point(10, 50)}`),
  )
  expect(parsed.sessions[0]?.track?.t).toHaveLength(2)
  expect(parsed.rejected.some((one) => one.index === 1 && one.detail.includes(words))).toBe(true)
})

test('a receiver whose week counter rolled over is told so, point by point', async () => {
  const parsed = await read(track(`${point(0, 50)}<trkpt lat="50" lon="19"><time>1999-10-16T06:00:00Z</time></trkpt>`))
  expect(parsed.rejected).toEqual([
    { index: 1, code: 'time_too_early', detail: '1999-10-16T06:00:00.000Z is before the year 2000' },
  ])
})

test('a time after tomorrow is rejected', async () => {
  const parsed = await read(track(`${point(0, 50)}<trkpt lat="50" lon="19"><time>2027-01-02T06:00:00Z</time></trkpt>`))
  expect(parsed.rejectedByCode).toEqual({ time_in_future: 1 })
})

test.each([
  ['2026-06-01T08:00:00+02:00', 120],
  ['2026-06-01T01:00:00-0500', -300],
])('a time with an offset (%s) is UTC six and tells the zone', async (time, offset) => {
  const parsed = await read(track(`<trkpt lat="50" lon="19"><time>${time}</time></trkpt>`))
  expect(parsed.sessions[0]).toMatchObject({ start: Date.UTC(2026, 5, 1, 6), offset })
})

test('a time without a zone is taken as UTC, with a word', async () => {
  const parsed = await read(track('<trkpt lat="50" lon="19"><time>2026-06-01T06:00:00.250</time></trkpt>'))
  expect(parsed.sessions[0]?.start).toBe(Date.UTC(2026, 5, 1, 6, 0, 0, 250))
  expect(codesOf(parsed)).toEqual(['time_without_zone'])
})

test.each([
  ['running', 85, 170],
  ['running', 172, 172],
  ['9', 85, 170],
])('a cadence in %s of %d is %d steps a minute', async (type, written, steps) => {
  const cad = `<extensions><gpxtpx:TrackPointExtension><gpxtpx:cad>${written}</gpxtpx:cad></gpxtpx:TrackPointExtension></extensions>`
  const parsed = await read(track(point(0, 50, cad), type))
  expect(valuesOf(parsed, 'cadence_steps')).toEqual([steps])
})

test('extensions are told by their namespace, whatever the prefix, and also without any', async () => {
  const renamed = point(
    0,
    50,
    '<extensions><q:TrackPointExtension xmlns:q="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"><q:hr>101</q:hr></q:TrackPointExtension></extensions>',
  )
  const bare = point(1, 50, '<extensions><hr>102</hr></extensions>')
  const undeclared = point(2, 50, '<extensions><ns9:hr>103</ns9:hr></extensions>')
  const foreign = point(3, 50, '<extensions><z:hr xmlns:z="urn:other">104</z:hr></extensions>')
  const parsed = await read(track(renamed + bare + undeclared + foreign))
  expect(valuesOf(parsed, 'heart_rate')).toEqual([101, 102, 103])
  expect(parsed.unused).toEqual([{ name: 'point hr', count: 1 }])
})

test('an elevation that is zero everywhere was not measured', async () => {
  const parsed = await read(track(point(0, 50, '<ele>0</ele>') + point(1, 50, '<ele>0.0</ele>')))
  expect(parsed.readings.map((reading) => reading.metric)).not.toContain('elevation')
  expect(parsed.sessions[0]?.track?.ele).toBeUndefined()
})

test('a shore below the sea is a real elevation', async () => {
  const parsed = await read(track(point(0, 50, '<ele>-428.5</ele>') + point(1, 50, '<ele>-427</ele>')))
  expect(valuesOf(parsed, 'elevation')).toEqual([-428.5, -427])
})

test('thirty digits of a coordinate are kept to seven, which is a centimetre', async () => {
  const parsed = await read(
    track('<trkpt lat="50.123456789012345678901234567890" lon="19.1"><time>2026-06-01T06:00:00Z</time></trkpt>'),
  )
  expect(parsed.sessions[0]?.track?.lat[0]).toBe(50.1234568)
})

test('a decimal comma is read, a word is rejected with its place', async () => {
  const parsed = await read(track(point(0, 50, '<ele>12,5</ele>') + point(1, 50, '<ele>high</ele>')))
  expect(valuesOf(parsed, 'elevation')).toEqual([12.5])
  expect(parsed.rejected).toEqual([{ index: 1, code: 'number_unreadable', detail: '"high" is not a number' }])
})

test('names in CDATA, with emoji and after a byte-order mark arrive whole', async () => {
  const text = `\uFEFF  ${loop.replace('Evening loop', '<![CDATA[Łódź & back 🚴]]>')}`
  expect((await read(text)).sessions[0]?.title).toBe('Łódź & back 🚴')
})

test('a file that says UTF-8 and is Latin-1 is read as what it is', async () => {
  const bytes = Buffer.from(loop.replace('Evening loop', 'Höhenweg Süd'), 'latin1')
  const parsed = await parseActivity(bytes, { now })
  expect(parsed.sessions[0]?.title).toBe('Höhenweg Süd')
  expect(codesOf(parsed)).toEqual(['encoding_wrong'])
})

test('a file in UTF-16 is read', async () => {
  const text = loop.replace('encoding="UTF-8"', 'encoding="UTF-16"')
  const parsed = await parseActivity(Buffer.from(`\uFEFF${text}`, 'utf16le'), { now })
  expect(parsed.sessions[0]?.title).toBe('Evening loop')
})

test('a character that lies across two chunks is not broken', async () => {
  const bytes = Buffer.from(loop.replace('Evening loop', `${'x'.repeat(100)}🚴é`.repeat(1)))
  async function* trickle() {
    for (const byte of bytes) yield Uint8Array.of(byte)
  }
  expect(await parseActivity(trickle(), { now })).toEqual(await parseActivity(bytes, { now }))
})

test('a download that broke off keeps the points before', async () => {
  const whole = track(Array.from({ length: 50 }, (_, i) => point(i, 50 + i / 1e5)).join(''))
  const parsed = await read(whole.slice(0, whole.length * 0.6))
  expect(parsed.records).toBeGreaterThan(20)
  expect(codesOf(parsed)).toEqual(['xml_broken'])
})

test('a compressed GPX is read like the file inside', async () => {
  expect(await parseActivity(gzipSync(loop), { now })).toEqual(await read(loop))
})

test('a sport that only the file name tells is taken from it', async () => {
  const parsed = await read(track(point(0, 50)), 'Morning_Hike.gpx')
  expect(parsed.sessions[0]).toMatchObject({ activity: 'hiking', extra: { activity_from: 'file name' } })
})

test('more points than the limit are refused', async () => {
  const text = new TextEncoder().encode(track(point(0, 50) + point(1, 50) + point(2, 50)))
  await expect(parseActivity(text, { now, limits: { records: 2 } })).rejects.toMatchObject({ code: 'too_many_records' })
})
