import { expect, test } from 'vitest'
import { parseActivity } from '../parse-activity.ts'
import { codesOf, fixture, streamOf, valuesOf } from '../testing/fixture.ts'

const now = Date.UTC(2026, 11, 31)
const read = (text: string, filename?: string) =>
  parseActivity(new TextEncoder().encode(text), { now, ...(filename ? { filename } : {}) })

const head = `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
    xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`

const run = `${head}
 <Activities><Activity Sport="Running"><Id>2026-11-08T06:14:05.000Z</Id>
  <Lap StartTime="2026-11-08T06:14:05.000Z">
   <TotalTimeSeconds>352.0</TotalTimeSeconds><DistanceMeters>1000.0</DistanceMeters><MaximumSpeed>3.41</MaximumSpeed>
   <Calories>71</Calories><AverageHeartRateBpm><Value>142</Value></AverageHeartRateBpm><MaximumHeartRateBpm><Value>155</Value></MaximumHeartRateBpm>
   <Intensity>Active</Intensity><TriggerMethod>Distance</TriggerMethod>
   <Track>
    <Trackpoint><Time>2026-11-08T06:14:05.000Z</Time><Position><LatitudeDegrees>50.061900</LatitudeDegrees><LongitudeDegrees>19.936800</LongitudeDegrees></Position>
     <AltitudeMeters>211.4</AltitudeMeters><DistanceMeters>0.0</DistanceMeters><HeartRateBpm><Value>118</Value></HeartRateBpm>
     <Extensions><ns3:TPX><ns3:Speed>2.61</ns3:Speed><ns3:RunCadence>82</ns3:RunCadence></ns3:TPX></Extensions></Trackpoint>
    <Trackpoint><Time>2026-11-08T06:14:09.000Z</Time></Trackpoint>
   </Track>
   <Extensions><ns3:LX><ns3:AvgSpeed>2.84</ns3:AvgSpeed><ns3:AvgRunCadence>83</ns3:AvgRunCadence><ns3:Steps>974</ns3:Steps></ns3:LX></Extensions>
  </Lap>
  <Creator xsi:type="Device_t"><Name>Forerunner 265</Name><UnitId>3412345678</UnitId><ProductID>4257</ProductID></Creator>
 </Activity></Activities>
</TrainingCenterDatabase>`

interface Lap {
  start?: number
  seconds?: number
  metres?: number
  more?: string
  tracks?: string[]
}

const at = (second: number) => new Date(Date.UTC(2026, 5, 1, 6, 0, second)).toISOString()

function point(second: number, more = ''): string {
  return `<Trackpoint><Time>${at(second)}</Time>${more}</Trackpoint>`
}

function lap({ start = 0, seconds = 60, metres = 200, more = '', tracks = [] }: Lap): string {
  return `<Lap StartTime="${at(start)}"><TotalTimeSeconds>${seconds}</TotalTimeSeconds><DistanceMeters>${metres}</DistanceMeters>${more}
    ${tracks.map((points) => `<Track>${points}</Track>`).join('')}</Lap>`
}

function activity(laps: string, sport = 'Biking', more = ''): string {
  return `<Activity Sport="${sport}"><Id>${at(0)}</Id>${laps}${more}</Activity>`
}

function file(activities: string): string {
  return `${head}<Activities>${activities}</Activities></TrainingCenterDatabase>`
}

test('a run keeps its lap, its totals and the device that recorded it', async () => {
  const parsed = await read(run)
  const [session] = parsed.sessions
  expect(session).toMatchObject({
    activity: 'running',
    start: Date.parse('2026-11-08T06:14:05Z'),
    end: Date.parse('2026-11-08T06:19:57Z'),
    externalId: 'tcx:2026-11-08T06:14:05.000Z:Running',
  })
  expect(session?.totals).toMatchObject({
    active_duration: 352,
    distance: 1000,
    energy_total: 71,
    heart_rate_avg: 142,
    heart_rate_max: 155,
    speed_max: 3.41,
    steps: 974,
    cadence_steps_avg: 166,
  })
  expect(session?.parts).toMatchObject([
    { kind: 'lap', label: 'distance', intensity: 'active', totals: { speed_avg: 2.84 } },
  ])
  expect(parsed.source).toEqual({ manufacturer: 'Garmin', model: 'Forerunner 265', serial: '3412345678' })
})

test('its trackpoint has a place, a height, a heart rate, a speed and both legs', async () => {
  const parsed = await read(run)
  expect(valuesOf(parsed, 'heart_rate')).toEqual([118])
  expect(valuesOf(parsed, 'cadence_steps')).toEqual([164])
  expect(valuesOf(parsed, 'speed')).toEqual([2.61])
  expect(valuesOf(parsed, 'elevation')).toEqual([211.4])
  expect([...streamOf(parsed, 'distance').v]).toEqual([0])
  expect(parsed.sessions[0]?.track).toMatchObject({
    lat: new Float64Array([50.0619]),
    lon: new Float64Array([19.9368]),
  })
})

test('a point with a time only carries nothing forward', async () => {
  const parsed = await read(run)
  expect(parsed.records).toBe(2)
  expect(parsed.readings.every((reading) => reading.t.length === 1)).toBe(true)
})

test('a session on a paddle board from a watch has two laps, 111 points and its serial number', async () => {
  const parsed = await parseActivity(fixture('tcx/sup_activity_1.tcx'), { now })
  expect(parsed.records).toBe(111)
  expect(parsed.sessions[0]?.totals).toMatchObject({
    distance: 1157.51,
    active_duration: 1112.335,
    energy_total: 92,
    heart_rate_max: 108,
  })
  expect(parsed.sessions[0]?.parts.map((part) => part.kind)).toEqual(['lap', 'lap'])
  expect(parsed.source).toMatchObject({
    model: 'vívoactive HR',
    serial: '3937453043',
    firmware: '5.30',
    app: 'Connect Api',
  })
})

test('white space before the XML declaration is no obstacle', async () => {
  expect(await read(`          ${run}`)).toEqual(await read(run))
})

test('a highest speed that was multiplied by 3600 is divided again', async () => {
  const parsed = await read(file(activity(lap({ more: '<MaximumSpeed>64800.0</MaximumSpeed><Calories>0</Calories>' }))))
  expect(parsed.sessions[0]?.totals['speed_max']).toBe(18)
  expect(parsed.sessions[0]?.totals).not.toHaveProperty('energy_total')
  expect(codesOf(parsed)).toEqual(['max_speed_scaled'])
})

test('a track that ends and begins again inside a lap is a pause', async () => {
  const parsed = await read(file(activity(lap({ tracks: [point(0) + point(20), point(50) + point(60)] }))))
  expect(parsed.sessions[0]?.parts.filter((part) => part.kind === 'pause')).toEqual([
    { kind: 'pause', start: Date.parse(at(20)), end: Date.parse(at(50)) },
  ])
})

test('a lap without a track, as on a treadmill, keeps its totals', async () => {
  const parsed = await read(file(activity(lap({ seconds: 1800, metres: 5000 }), 'Running')))
  expect(parsed.sessions[0]).toMatchObject({
    end: Date.parse(at(1800)),
    totals: { distance: 5000, active_duration: 1800 },
  })
  expect(parsed.sessions[0]?.track).toBeUndefined()
})

test('averages of laps are weighed by their time', async () => {
  const rate = (bpm: number) => `<AverageHeartRateBpm><Value>${bpm}</Value></AverageHeartRateBpm>`
  const laps = lap({ seconds: 60, more: rate(100) }) + lap({ start: 60, seconds: 180, more: rate(140) })
  const parsed = await read(file(activity(laps)))
  expect(parsed.sessions[0]?.totals['heart_rate_avg']).toBe(130)
})

test('when the laps sum to less than the points, the larger distance counts and is noted', async () => {
  const metres = (m: number) => `<DistanceMeters>${m}</DistanceMeters>`
  const parsed = await read(
    file(activity(lap({ metres: 200, tracks: [point(0, metres(0)) + point(90, metres(310))] }))),
  )
  expect(parsed.sessions[0]?.totals['distance']).toBe(310)
  expect(codesOf(parsed)).toEqual(['distance_of_laps_short'])
})

test('an activity that is in the file twice is read once', async () => {
  const one = activity(lap({ tracks: [point(0) + point(60)] }))
  const parsed = await read(file(one + one))
  expect(parsed.sessions).toHaveLength(1)
  expect(codesOf(parsed)).toEqual(['duplicate_activity'])
})

test('the legs of a multi-sport session are workouts of their own', async () => {
  const legs = `<MultiSportSession><Id>${at(0)}</Id><FirstSport>${activity(lap({}), 'Biking')}</FirstSport>
    <NextSport>${activity(lap({ start: 60 }), 'Running').replace(`<Id>${at(0)}`, `<Id>${at(60)}`)}</NextSport></MultiSportSession>`
  const parsed = await read(file(legs))
  expect(parsed.sessions.map((session) => session.activity)).toEqual(['cycling', 'running'])
})

test('a course is refused because its times are invented', async () => {
  const course = `${head}<Courses><Course><Name>x</Name><Track>${point(0)}</Track></Course></Courses></TrainingCenterDatabase>`
  await expect(read(course)).rejects.toMatchObject({
    code: 'not_an_activity',
    detail: expect.stringContaining('course'),
  })
})

test('positions 0,0 are no fix, altitudes of -500 no barometer', async () => {
  const nowhere =
    '<Position><LatitudeDegrees>0</LatitudeDegrees><LongitudeDegrees>0</LongitudeDegrees></Position><AltitudeMeters>-500.0</AltitudeMeters>'
  const parsed = await read(file(activity(lap({ tracks: [point(0, nowhere)] }))))
  expect(parsed.sessions[0]?.track).toBeUndefined()
  expect(parsed.readings).toEqual([])
  expect(parsed.rejectedByCode).toEqual({ position_invalid: 1 })
})

test('integers may be decimals, decimals may have a comma', async () => {
  const more = '<AltitudeMeters>211,4</AltitudeMeters><Cadence>81.0</Cadence>'
  const parsed = await read(file(activity(lap({ tracks: [point(0, more)] }))))
  expect(valuesOf(parsed, 'cadence')).toEqual([81])
  expect(valuesOf(parsed, 'elevation')).toEqual([211.4])
})

test.each([
  [
    'a prefix of its own',
    '<x:TPX xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><x:Watts>250</x:Watts></x:TPX>',
  ],
  [
    'a default namespace',
    '<TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Watts>250</Watts></TPX>',
  ],
])('power in an extension with %s is read', async (_, extension) => {
  const parsed = await read(file(activity(lap({ tracks: [point(0, `<Extensions>${extension}</Extensions>`)] }))))
  expect(valuesOf(parsed, 'power')).toEqual([250])
})

test('several points in one second are all kept', async () => {
  const heart = (bpm: number) => `<HeartRateBpm><Value>${bpm}</Value></HeartRateBpm>`
  const parsed = await read(file(activity(lap({ tracks: [point(1, heart(90)) + point(1, heart(91))] }))))
  expect(valuesOf(parsed, 'heart_rate')).toEqual([90, 91])
})

test('a speed that the points do not state is worked out from their distance, in the session only', async () => {
  const metres = (m: number) => `<DistanceMeters>${m}</DistanceMeters>`
  const points = point(0, metres(0)) + point(10, metres(50)) + point(20, metres(100))
  const parsed = await read(file(activity(lap({ tracks: [points] }))))
  expect([...streamOf(parsed, 'speed').v]).toEqual([5, 5, 5])
  expect(parsed.readings).toEqual([])
  expect(parsed.sessions[0]?.extra?.['derived_streams']).toEqual(['speed'])
})

test('a swim that TCX can only call Other is told by its notes or its file name', async () => {
  const noted = await read(file(activity(lap({}), 'Other', '<Notes>Pool swim, easy</Notes>')))
  expect(noted.sessions[0]?.activity).not.toBe('other')
  const named = await read(file(activity(lap({}), 'Other')), 'activity_Kayaking_12.tcx')
  expect(named.sessions[0]?.activity).toBe('kayaking')
})

test('a trackpoint with a time that cannot be is rejected alone', async () => {
  const parsed = await read(
    file(activity(lap({ tracks: [`${point(0)}<Trackpoint><Time>yesterday</Time></Trackpoint>${point(5)}`] }))),
  )
  expect(parsed.rejected).toEqual([{ index: 1, code: 'time_unreadable', detail: '"yesterday" is not a time' }])
  expect(parsed.records).toBe(3)
})

test('an activity without any time is refused', async () => {
  const empty = file('<Activity Sport="Biking"><Id>x</Id><Lap StartTime="y"></Lap></Activity>')
  await expect(read(empty)).rejects.toMatchObject({ code: 'empty' })
})
