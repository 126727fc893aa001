import { expect, test } from 'vitest'
import { parseActivity } from '../parse-activity.ts'
import type { ParsedFile } from '../parsed-file.ts'
import { codesOf, fixture, seriesOf, streamOf, valuesOf } from '../testing/fixture.ts'
import { writeRide } from '../testing/ride.ts'
import { base } from './base-types.ts'
import { activity, start, tick } from './test-activity.ts'
import type { FitWriter } from './write.ts'

const now = Date.UTC(2026, 11, 31)
const read = (fit: FitWriter): Promise<ParsedFile> => parseActivity(fit.finish(), { now })

/** A session message with the fields named; local type 9. */
function session(fit: FitWriter, fields: Record<number, readonly [type: number, value: number]>): FitWriter {
  const all = {
    253: [base.uint32, tick + 60],
    2: [base.uint32, tick],
    7: [base.uint32, 60_000],
    5: [base.enum, 2],
    ...fields,
  } as const
  const entries = Object.entries(all) as [string, readonly [number, number]][]
  fit.define(
    9,
    18,
    entries.map(([num, [type]]) => [Number(num), type] as const),
  )
  return fit.message(
    9,
    entries.map(([, [, value]]) => value),
  )
}

/** A record message with fields of its own, at `tick + second`; local type 8. */
function record(
  fit: FitWriter,
  second: number,
  fields: readonly (readonly [num: number, type: number, value: number])[],
): FitWriter {
  fit.define(8, 20, [[253, base.uint32], ...fields.map(([num, type]) => [num, type] as const)])
  return fit.message(8, [tick + second, ...fields.map(([, , value]) => value)])
}

function events(fit: FitWriter, list: readonly (readonly [second: number, type: number])[]): FitWriter {
  fit.define(7, 21, [
    [253, base.uint32],
    [0, base.enum],
    [1, base.enum],
  ])
  for (const [second, type] of list) fit.message(7, [tick + second, 0, type])
  return fit
}

/** [app, field, base type, name, native field or 255, units] */
function describe(
  fit: FitWriter,
  app: number,
  num: number,
  type: number,
  name: string,
  native = 255,
  units = '',
): FitWriter {
  fit.define(6, 206, [
    [0, base.uint8],
    [1, base.uint8],
    [2, base.uint8],
    [3, base.string, 24],
    [15, base.uint8],
    [8, base.string, 8],
  ])
  return fit.message(6, [app, num, type, name, native, units])
}

test('a walk of a Fenix 5 gives each of its seventeen records as it was written', async () => {
  const parsed = await parseActivity(fixture('fit/garmin-fenix-5-walk.fit'), { now })
  const [header = '', ...lines] = Buffer.from(fixture('fit/garmin-fenix-5-walk-records.csv'))
    .toString()
    .trim()
    .split(/\r?\n/)
  expect(header).toMatch(
    /^timestamp,heart_rate,cadence,speed,distance,position_lat,position_long,altitude,temperature$/,
  )
  expect(lines).toHaveLength(17)
  for (const [i, line] of lines.entries()) {
    const [time = '', ...figures] = line.split(',')
    const [heart, cadence, speed, distance, lat, lon, altitude, temperature] = figures.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const t = Date.parse(time.replace('PDT', 'GMT-0700'))
    expect(seriesOf(parsed, 'heart_rate').t[i]).toBe(t)
    expect(valuesOf(parsed, 'heart_rate')[i]).toBe(heart)
    // The record also has half strides, which the list leaves out.
    expect(Math.floor((valuesOf(parsed, 'cadence_steps')[i] ?? 0) / 2)).toBe(cadence)
    expect(valuesOf(parsed, 'speed')[i]).toBeCloseTo(speed, 9)
    expect(streamOf(parsed, 'distance').v[i]).toBeCloseTo(distance, 9)
    expect(valuesOf(parsed, 'elevation')[i]).toBeCloseTo(altitude, 9)
    expect(valuesOf(parsed, 'ambient_temperature')[i]).toBe(temperature)
    expect(parsed.sessions[0]?.track?.lat[i]).toBeCloseTo((lat * 180) / 2 ** 31, 7)
    expect(parsed.sessions[0]?.track?.lon[i]).toBeCloseTo((lon * 180) / 2 ** 31, 7)
  }
})

test('the walk names its watch, its zone and the strap that took part', async () => {
  const parsed = await parseActivity(fixture('fit/garmin-fenix-5-walk.fit'), { now })
  expect(parsed.source).toEqual({
    manufacturer: 'Garmin',
    model: 'product 2697',
    serial: '3945849289',
    firmware: '4.10',
  })
  expect(parsed.sessions[0]).toMatchObject({
    activity: 'walking',
    offset: -420,
    externalId: 'fit:1:2697:3945849289:866125971',
  })
  expect(parsed.sessions[0]?.extra?.['sensors']).toContainEqual(
    expect.objectContaining({ serial: '3944483460', type: 120 }),
  )
  expect(parsed.sessions[0]?.totals).toMatchObject({
    distance: 67.85,
    steps: 82,
    cadence_steps_avg: 122,
    heart_rate_max: 82,
  })
  expect(parsed.warnings).toEqual([])
})

test('its beats follow one another from the start of the recording', async () => {
  const parsed = await parseActivity(fixture('fit/garmin-fenix-5-walk.fit'), { now })
  const { t, v } = seriesOf(parsed, 'rr_interval')
  expect([...v.subarray(0, 4)]).toEqual([824, 834, 859, 908])
  expect(t).toHaveLength(62)
  expect((t[1] as number) - (t[0] as number)).toBeCloseTo(834, 0)
  const [session] = parsed.sessions
  expect(t[0]).toBeGreaterThanOrEqual((session?.start ?? 0) - 10_000)
  expect(t.at(-1)).toBeLessThanOrEqual((session?.end ?? 0) + 30_000)
})

test('a ride of 2011 keeps its four laps, its pauses and its own totals', async () => {
  const parsed = await parseActivity(fixture('fit/sample-activity.fit'), { now })
  const [ride] = parsed.sessions
  expect(parsed.records).toBe(3098)
  expect(ride?.totals).toMatchObject({
    distance: 88_797.21,
    duration: 11_741.57,
    active_duration: 10_699.36,
    energy_total: 2045,
  })
  expect(ride?.parts.filter((part) => part.kind === 'lap')).toHaveLength(4)
  const paused =
    ride?.parts.filter((part) => part.kind === 'pause').reduce((sum, part) => sum + part.end - part.start, 0) ?? 0
  expect(paused / 1000).toBeCloseTo(11_741.57 - 10_699.36, -2)
})

test('invalid is told before scaling: 255 bpm and 65535 W are missing, zero watts are real', async () => {
  const fit = activity({ records: 1 })
  record(fit, 1, [
    [3, base.uint8, 255],
    [7, base.uint16, 65_535],
    [2, base.uint16, 65_535],
    [0, base.sint32, 0x7fffffff],
    [1, base.sint32, 0x7fffffff],
  ])
  record(fit, 2, [[7, base.uint16, 0]])
  const parsed = await read(fit)
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120])
  expect(valuesOf(parsed, 'power')).toEqual([0])
  expect(parsed.sessions[0]?.track).toBeUndefined()
  expect(parsed.readings.map((reading) => reading.metric)).not.toContain('elevation')
})

test('an enhanced field is preferred, and its short form fills in where it is missing', async () => {
  const fit = activity({ records: 0 })
  record(fit, 0, [
    [6, base.uint16, 3000],
    [73, base.uint32, 3100],
  ])
  record(fit, 1, [
    [6, base.uint16, 3000],
    [73, base.uint32, 0xffffffff],
  ])
  record(fit, 2, [[6, base.uint16, 3200]])
  expect(valuesOf(await read(fit), 'speed')).toEqual([3.1, 3, 3.2])
})

test('the cadence of a run is doubled, with its fraction, and so is the average of its session', async () => {
  const fit = activity({ records: 0 })
  record(fit, 0, [
    [4, base.uint8, 84],
    [53, base.uint8, 64],
  ])
  session(fit, { 5: [base.enum, 1], 18: [base.uint8, 83], 19: [base.uint8, 92], 10: [base.uint32, 500] })
  const parsed = await read(fit)
  expect(valuesOf(parsed, 'cadence_steps')).toEqual([169])
  expect(parsed.sessions[0]?.totals).toMatchObject({ cadence_steps_avg: 166, cadence_steps_max: 184, steps: 1000 })
})

test('the cadence of a ride stays revolutions', async () => {
  const fit = record(activity({ records: 0 }), 0, [[4, base.uint8, 84]])
  const parsed = await read(session(fit, { 18: [base.uint8, 83] }))
  expect(valuesOf(parsed, 'cadence')).toEqual([84])
  expect(parsed.sessions[0]?.totals['cadence_avg']).toBe(83)
})

test('totals that the session states are kept, and what it lacks is worked out and marked', async () => {
  const fit = activity({ records: 10 })
  const parsed = await read(session(fit, { 9: [base.uint32, 123_456], 16: [base.uint8, 99] }))
  const [ride] = parsed.sessions
  expect(ride?.totals).toMatchObject({ distance: 1234.56, heart_rate_avg: 99, heart_rate_max: 129 })
  expect(ride?.derived).toContain('heart_rate_max')
  expect(ride?.derived).not.toContain('heart_rate_avg')
})

test('a heart rate or energy of zero in a session is unknown, not zero', async () => {
  const parsed = await read(session(activity({ records: 0 }), { 16: [base.uint8, 0], 11: [base.uint16, 0] }))
  expect(parsed.sessions[0]?.totals).not.toHaveProperty('heart_rate_avg')
  expect(parsed.sessions[0]?.totals).not.toHaveProperty('energy_total')
})

test('energy without the resting share is known only where the file states that share', async () => {
  const parsed = await read(session(activity({ records: 0 }), { 11: [base.uint16, 600], 196: [base.uint16, 90] }))
  expect(parsed.sessions[0]?.totals).toMatchObject({ energy_total: 600, energy_active: 510 })
})

test('stops and starts of the timer are pauses; the last stop is the end', async () => {
  const fit = events(activity({ records: 5 }), [
    [0, 0],
    [20, 4],
    [35, 0],
    [60, 4],
  ])
  const parsed = await read(session(fit, {}))
  expect(parsed.sessions[0]?.parts).toEqual([{ kind: 'pause', start: start + 20_000, end: start + 35_000 }])
  expect(parsed.sessions[0]?.totals['active_duration']).toBe(45)
})

test('laps and session may come before the records', async () => {
  const fit = session(activity({ records: 0 }), { 25: [base.uint16, 0], 26: [base.uint16, 1] })
  record(fit, 5, [[3, base.uint8, 130]])
  const parsed = await read(fit)
  expect(parsed.sessions).toHaveLength(1)
  expect(parsed.sessions[0]?.totals['heart_rate_max']).toBe(130)
})

test('a triathlon is one workout for each leg, with its own laps, records and cadence', async () => {
  const fit = activity({ records: 0 })
  record(fit, 10, [[4, base.uint8, 80]])
  record(fit, 110, [[4, base.uint8, 85]])
  fit.define(5, 19, [
    [253, base.uint32],
    [2, base.uint32],
    [7, base.uint32],
  ])
  for (const lap of [0, 50, 100]) fit.message(5, [tick + lap + 50, tick + lap, 50_000])
  fit.define(9, 18, [
    [253, base.uint32],
    [2, base.uint32],
    [7, base.uint32],
    [5, base.enum],
    [25, base.uint16],
    [26, base.uint16],
  ])
  fit.message(9, [tick + 100, tick, 100_000, 2, 0, 2]).message(9, [tick + 150, tick + 100, 50_000, 1, 2, 1])
  const parsed = await read(fit)
  expect(parsed.sessions.map((one) => one.activity)).toEqual(['cycling', 'running'])
  expect(parsed.sessions.map((one) => one.parts.length)).toEqual([2, 1])
  expect(new Set(parsed.sessions.map((one) => one.externalId)).size).toBe(2)
  expect(valuesOf(parsed, 'cadence')).toEqual([80])
  expect(valuesOf(parsed, 'cadence_steps')).toEqual([170])
})

test('swim lengths keep their strokes, and an idle one says so', async () => {
  const fit = activity({ records: 1 })
  fit.define(5, 101, [
    [253, base.uint32],
    [2, base.uint32],
    [3, base.uint32],
    [5, base.uint16],
    [7, base.enum],
    [12, base.enum],
  ])
  fit.message(5, [tick + 30, tick, 30_000, 18, 2, 1]).message(5, [tick + 50, tick + 30, 20_000, 0xffff, 0xff, 0])
  const parsed = await read(session(fit, { 5: [base.enum, 5], 6: [base.enum, 17] }))
  expect(parsed.sessions[0]?.activity).toBe('swimming_pool')
  expect(parsed.sessions[0]?.parts).toEqual([
    {
      kind: 'length',
      start,
      end: start + 30_000,
      label: 'breaststroke',
      intensity: 'active',
      totals: { swim_strokes: 18 },
    },
    { kind: 'length', start: start + 30_000, end: start + 50_000, intensity: 'idle' },
  ])
})

test.each([
  [120, 120],
  [-210, -210],
  [5 * 60 + 45, 345],
])('local time %d minutes ahead is the zone', async (minutes, offset) => {
  const parsed = await parseActivity(writeRide({ start, seconds: 10, offset: minutes }), { now })
  expect(parsed.sessions[0]?.offset).toBe(offset)
  expect(seriesOf(parsed, 'power').offset).toBe(offset)
})

test('a local time that is days away from UTC says nothing of the zone', async () => {
  const parsed = await parseActivity(writeRide({ start, seconds: 10, offset: 60 * 30 }), { now })
  expect(parsed.sessions[0]).not.toHaveProperty('offset')
})

test('records before the clock was set, before 2000 or after tomorrow are rejected one by one', async () => {
  const fit = activity({ records: 1 })
  fit.define(8, 20, [
    [253, base.uint32],
    [3, base.uint8],
  ])
  fit
    .message(8, [5000, 1])
    .message(8, [0x10000001, 1])
    .message(8, [0xfffffff0, 1])
    .message(8, [tick + 5, 140])
  const parsed = await read(fit)
  expect(parsed.rejected.map(({ index, code }) => [index, code])).toEqual([
    [1, 'time_relative'],
    [2, 'time_too_early'],
    [3, 'time_in_future'],
  ])
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120, 140])
})

test('a hundred of a thousand equal losses are listed, all are counted', async () => {
  const fit = activity({ records: 1 })
  fit.define(8, 20, [[3, base.uint8]])
  for (let i = 0; i < 1000; i++) fit.message(8, [100])
  const parsed = await read(fit)
  expect(parsed.rejected).toHaveLength(100)
  expect(parsed.rejectedByCode).toEqual({ time_missing: 1000 })
})

test('a developer field that stands for power is power where the device has none, and never overwrites it', async () => {
  const fit = describe(activity({ records: 0 }), 0, 3, 0x84, 'Power', 7, 'Watts')
  const developer = [{ num: 3, size: 2, application: 0, type: base.uint16 }]
  fit.define(8, 20, [[253, base.uint32]], developer).message(8, [tick, 250])
  fit
    .define(
      8,
      20,
      [
        [253, base.uint32],
        [7, base.uint16],
      ],
      developer,
    )
    .message(8, [tick + 1, 200, 251])
    .message(8, [tick + 2, 65_535, 252])
  expect(valuesOf(await read(fit), 'power')).toEqual([250, 200, 252])
})

test('a pod that states steps for the native strides is not doubled twice', async () => {
  const fit = describe(activity({ records: 0 }), 0, 1, base.uint8, 'Cadence', 4, 'spm')
  fit
    .define(8, 20, [[253, base.uint32]], [{ num: 1, size: 1, application: 0, type: base.uint8 }])
    .message(8, [tick, 172])
  const parsed = await read(session(fit, { 5: [base.enum, 1] }))
  expect(valuesOf(parsed, 'cadence_steps')).toEqual([172])
})

test('a developer field of its own is kept as a stream of the session', async () => {
  const fit = describe(activity({ records: 0 }), 1, 0, 0x88, 'Core Temp (°C)')
  fit.define(8, 20, [[253, base.uint32]], [{ num: 0, size: 4, application: 1, type: base.float32 }])
  fit
    .message(8, [tick, 37.5])
    .message(8, [tick + 1, Number.NaN])
    .message(8, [tick + 2, 38.25])
  expect([...streamOf(await read(fit), 'developer_core_temp_c').v]).toEqual([37.5, 38.25])
})

test('a developer field without a description is listed, and the record is read', async () => {
  const fit = activity({ records: 0 })
  fit.define(
    8,
    20,
    [
      [253, base.uint32],
      [3, base.uint8],
    ],
    [{ num: 9, size: 2, application: 4, type: base.uint16 }],
  )
  fit.message(8, [tick, 111, 7])
  const parsed = await read(fit)
  expect(valuesOf(parsed, 'heart_rate')).toEqual([111])
  expect(codesOf(parsed)).toContain('developer_field_undescribed')
  expect(parsed.unused).toEqual([{ name: 'record developer field 4/9', count: 1 }])
})

test('heart rates that a strap stored under water come at their own times, where the records have none', async () => {
  const fit = activity({ records: 1 })
  fit.define(5, 132, [
    [253, base.uint32],
    [6, base.uint8],
    [9, base.uint32],
  ])
  fit.message(5, [tick + 10, 90, 10_240])
  fit.define(5, 132, [
    [6, base.uint8, 2],
    [10, base.byte, 3],
  ])
  // One second (1024 ticks) and two seconds after the reference, 12 bits each: 11264 & 0xfff = 3072, 12288 & 0xfff = 0.
  fit.message(5, [
    [91, 92],
    [0x00, 0x0c, 0x00],
  ])
  const { t, v } = seriesOf(await read(fit), 'heart_rate')
  expect([...v]).toEqual([120, 90, 91, 92])
  expect([...t].map((ms) => (ms - start) / 1000)).toEqual([0, 10, 11, 12])
})

test('speed and distance packed into three bytes by old devices are unpacked, the distance accumulated', async () => {
  const fit = activity({ records: 0 })
  fit.define(8, 20, [
    [253, base.uint32],
    [8, base.byte, 3],
  ])
  const packed = (speed: number, distance: number) => [
    speed & 255,
    (speed >> 8) | ((distance & 15) << 4),
    distance >> 4,
  ]
  fit
    .message(8, [tick, packed(250, 4000)])
    .message(8, [tick + 1, packed(300, 0)])
    .message(8, [tick + 2, [255, 255, 255]])
  const parsed = await read(fit)
  expect(valuesOf(parsed, 'speed')).toEqual([2.5, 3])
  expect([...streamOf(parsed, 'distance').v]).toEqual([0, 6])
})

test('the balance is kept only where the device knew which leg is the right one', async () => {
  const fit = record(activity({ records: 0 }), 0, [[30, base.uint8, 0x80 | 52]])
  record(fit, 1, [[30, base.uint8, 50]])
  expect([...streamOf(await read(fit), 'left_right_balance').v]).toEqual([52])
})

test('running dynamics arrive in the units of the catalogue', async () => {
  const fit = record(activity({ records: 0 }), 0, [
    [39, base.uint16, 875],
    [41, base.uint16, 2430],
    [83, base.uint16, 765],
    [84, base.uint16, 4985],
    [85, base.uint16, 11_250],
    [57, base.uint16, 654],
    [108, base.uint16, 3125],
    [139, base.uint16, 3812],
  ])
  const parsed = await read(fit)
  expect(Object.fromEntries(parsed.readings.map((reading) => [reading.metric, reading.v[0]]))).toEqual({
    vertical_oscillation: 87.5,
    ground_contact_time: 243,
    vertical_ratio: 7.65,
    stance_balance: 49.85,
    stride_length: 1.125,
    muscle_oxygen: 65.4,
    respiratory_rate: 31.25,
    body_temperature: 38.12,
  })
})

test('a sport that is newer than the profile is kept as other with its number', async () => {
  const parsed = await read(session(activity({ records: 1 }), { 5: [base.enum, 201], 6: [base.enum, 99] }))
  expect(parsed.sessions[0]).toMatchObject({ activity: 'other', extra: { fit_sport: 201, fit_sub_sport: 99 } })
})

test('a session without usable times gives way to what its records show', async () => {
  const parsed = await read(session(activity({ records: 5 }), { 2: [base.uint32, 77] }))
  expect(parsed.sessions[0]).toMatchObject({ start, end: start + 4000 })
  expect(codesOf(parsed)).toContain('session_rebuilt')
  expect(parsed.rejectedByCode).toEqual({ time_too_early: 1 })
})

test('text ends at its first zero and survives broken UTF-8', async () => {
  const fit = activity({ records: 1 })
  fit.define(5, 26, [[8, base.string, 8]])
  fit.byte(5)
  for (const byte of [0x41, 0x62, 0xff, 0x00, 0x7a, 0x7a, 0x7a, 0x7a]) fit.byte(byte)
  expect((await read(fit)).sessions[0]?.title).toBe('Ab\uFFFD')
})

test('the same bytes give the same identity, another device another one', async () => {
  const first = await parseActivity(writeRide({ start, seconds: 5 }), { now })
  const again = await parseActivity(writeRide({ start, seconds: 5 }), { now })
  const other = await parseActivity(writeRide({ start, seconds: 5, serial: 7 }), { now })
  expect(again.sessions[0]?.externalId).toBe(first.sessions[0]?.externalId)
  expect(other.sessions[0]?.externalId).not.toBe(first.sessions[0]?.externalId)
})

test('records that lie out of order are sorted by time, those without one left out', async () => {
  const fit = activity({ records: 0 })
  record(fit, 9, [[3, base.uint8, 109]])
  fit.define(5, 20, [[3, base.uint8]]).message(5, [99])
  record(fit, 3, [[3, base.uint8, 103]])
  record(fit, 6, [[7, base.uint16, 206]])
  const parsed = await read(fit)
  expect(valuesOf(parsed, 'heart_rate')).toEqual([103, 109])
  expect([...seriesOf(parsed, 'power').t]).toEqual([start + 6000])
  expect(parsed.rejected).toEqual([{ index: 1, code: 'time_missing', detail: 'the record has no time' }])
})
