import { expect, test } from 'vitest'
import { parseActivity } from '../parse-activity.ts'
import { codesOf, fixture, streamOf, valuesOf } from '../testing/fixture.ts'
import { writeRide } from '../testing/ride.ts'
import { base } from './base-types.ts'
import { crc16 } from './crc.ts'
import { activity, start, tick } from './test-activity.ts'
import { FitWriter } from './write.ts'

const now = Date.UTC(2026, 11, 31)

/** A whole file in 103 bytes: file_id, a record, and a record with a compressed time. */
const vector = Uint8Array.from(
  `0e 20 dc 52 57 00 00 00 2e 46 49 54 f9 aa 40 00 00 00 00 03 00 01 00 01 02 84 04 04 86 00 04 ff 00 e8 b3 5a 45
   41 00 00 14 00 07 fd 04 86 00 04 85 01 04 85 03 01 02 04 01 02 05 04 86 07 02 84
   01 e8 b3 5a 45 71 20 24 25 7f 27 f1 0e 83 54 00 00 00 00 d4 00
   42 00 00 14 00 02 03 01 02 07 02 84 cb 85 ff ff e6 f9`
    .trim()
    .split(/\s+/),
  (byte) => Number.parseInt(byte, 16),
)

test('the 103-byte example gives its two records, the second three seconds later without power', async () => {
  expect(vector).toHaveLength(103)
  const parsed = await parseActivity(vector, { now })
  const first = Date.parse('2026-11-14T06:30:00Z')
  const heart = parsed.readings.find((reading) => reading.metric === 'heart_rate')
  expect([...(heart?.t ?? [])]).toEqual([first, first + 3000])
  expect([...(heart?.v ?? [])]).toEqual([131, 133])
  expect(valuesOf(parsed, 'power')).toEqual([212])
  expect(valuesOf(parsed, 'cadence')).toEqual([84])
  expect([...streamOf(parsed, 'distance').v]).toEqual([0])
  expect(parsed.sessions[0]?.track?.lat[0]).toBeCloseTo(52.2297, 6)
  expect(parsed.sessions[0]?.track?.lon[0]).toBeCloseTo(21.0122, 6)
  expect(parsed.sessions[0]?.externalId).toMatch(/^fit:255:/)
  expect(codesOf(parsed)).toEqual(['session_rebuilt'])
})

test('the checksum of a file, run over the checksum too, is zero', () => {
  expect(crc16(vector)).toBe(0)
  expect(crc16(vector, 0, 14)).toBe(0)
})

test('a file read byte by byte gives what it gives in one piece', async () => {
  async function* trickle() {
    for (const byte of vector) yield Uint8Array.of(byte)
  }
  expect(await parseActivity(trickle(), { now })).toEqual(await parseActivity(vector, { now }))
})

test('a message that lies across two chunks is read whole', async () => {
  const file = writeRide({ start: Date.UTC(2026, 4, 1), seconds: 20_000 })
  async function* halves() {
    for (let at = 0; at < file.length; at += 99_991) yield file.subarray(at, at + 99_991)
  }
  const parsed = await parseActivity(halves(), { now })
  expect(parsed).toEqual(await parseActivity(file, { now }))
  expect(parsed.records).toBe(20_000)
  expect(parsed.warnings).toEqual([])
})

test('big-endian messages and 12-byte headers mean the same', async () => {
  const little = await parseActivity(activity({ records: 3 }).finish(), { now })
  const big = await parseActivity(activity({ records: 3, big: true }).finish({ headerSize: 12 }), { now })
  expect(big).toEqual(little)
})

test('a local message type that is defined anew has its new meaning from there on', async () => {
  const fit = activity({ records: 2 })
  fit.define(1, 20, [
    [253, base.uint32],
    [7, base.uint16],
  ])
  fit.message(1, [tick + 2, 250])
  const parsed = await parseActivity(fit.finish(), { now })
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120, 121])
  expect(valuesOf(parsed, 'power')).toEqual([250])
})

test('compressed times roll over every 32 seconds and never go back', async () => {
  const fit = activity({ records: 1 })
  fit.define(2, 20, [[3, base.uint8]])
  for (const later of [5, 20, 31, 40, 70]) fit.compressed(2, tick + later, [100 + later])
  const parsed = await parseActivity(fit.finish(), { now })
  const heart = parsed.readings.find((reading) => reading.metric === 'heart_rate')
  expect([...(heart?.t ?? [])].map((t) => (t - start) / 1000)).toEqual([0, 5, 20, 31, 40, 70])
})

test('two files in one, each with its own definitions, are two workouts', async () => {
  const first = activity({ records: 3 }).finish()
  const second = activity({ records: 4, later: 7200, heartRate: 90 }).finish()
  const parsed = await parseActivity(Buffer.concat([first, second]), { now })
  expect(parsed.sessions).toHaveLength(2)
  expect(parsed.records).toBe(7)
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120, 121, 122, 90, 91, 92, 93])
  expect(parsed.sessions[1]?.start).toBe(start + 7_200_000)
})

test.each([
  ['wrong', 0x1234],
  ['never written', 0],
])('a file whose checksum is %s is read, and marked', async (_, crc) => {
  const parsed = await parseActivity(activity({ records: 3 }).finish({ crc }), { now })
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120, 121, 122])
  expect(codesOf(parsed)).toContain('crc_mismatch')
})

test.each([
  ['zero', 0],
  ['too small', 40],
  ['far too large', 0xfffffff0],
])('a stated size that is %s costs nothing: the file is read to its end', async (_, dataSize) => {
  const parsed = await parseActivity(activity({ records: 5 }).finish({ dataSize }), { now })
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120, 121, 122, 123, 124])
  expect(codesOf(parsed)).toContain('data_size_wrong')
})

test('a file behind one with size zero is found', async () => {
  const first = activity({ records: 3 }).finish({ dataSize: 0 })
  const second = activity({ records: 4, later: 7200 }).finish()
  const parsed = await parseActivity(Buffer.concat([first, second]), { now })
  expect(parsed.sessions).toHaveLength(2)
})

test('a message of a type that was never defined ends its part, and what came before stays', async () => {
  const fit = activity({ records: 4 }).byte(0x0f).byte(1).byte(2)
  const parsed = await parseActivity(Buffer.concat([fit.finish(), activity({ records: 2, later: 7200 }).finish()]), {
    now,
  })
  expect(codesOf(parsed)).toContain('message_undefined')
  expect(parsed.sessions).toHaveLength(2)
  expect(parsed.records).toBe(6)
})

test('fields whose size does not fit their type are passed over', async () => {
  const fit = activity({ records: 1 })
  fit.define(3, 20, [
    [253, base.uint32],
    [3, base.uint8],
  ])
  fit.message(3, [tick + 1, 140])
  const bytes = fit.finish({ crc: 0 })
  const parsed = await parseActivity(bytes, { now })
  expect(valuesOf(parsed, 'heart_rate')).toEqual([120, 140])
  // The same definition, but power as a uint16 of three bytes.
  const odd = activity({ records: 1 })
  odd.byte(0x43).byte(0).byte(0).byte(20).byte(0).byte(2)
  for (const byte of [253, 4, 0x86, 7, 3, 0x84]) odd.byte(byte)
  odd.byte(3)
  for (const byte of [(tick + 1) & 255, ((tick + 1) >> 8) & 255, ((tick + 1) >> 16) & 255, (tick + 1) >>> 24, 1, 2, 3])
    odd.byte(byte)
  const read = await parseActivity(odd.finish(), { now })
  expect(read.records).toBe(2)
  expect(read.readings.map((reading) => reading.metric)).not.toContain('power')
  expect(read.unused).toContainEqual({ name: 'record field 7', count: 1 })
})

test('unknown messages are counted, not refused', async () => {
  const fit = activity({ records: 2 })
  fit.define(4, 0xff10, [[1, base.uint64, 2]]).define(5, 9999, [[1, base.uint8]])
  fit.message(4, [1n]).message(5, [1]).message(5, [2])
  const parsed = await parseActivity(fit.finish(), { now })
  expect(parsed.unused).toEqual([
    { name: 'manufacturer message 65296', count: 1 },
    { name: 'message 9999', count: 2 },
  ])
})

test('a file that ends in the middle of a record keeps all records before it', async () => {
  const whole = writeRide({ start: Date.UTC(2026, 4, 1), seconds: 600 })
  const parsed = await parseActivity(whole.subarray(0, 9000), { now })
  expect(codesOf(parsed)).toEqual(['truncated', 'session_rebuilt'])
  expect(parsed.records).toBeGreaterThan(280)
  const [session] = parsed.sessions
  expect(session?.derived).toEqual(expect.arrayContaining(['duration', 'distance', 'heart_rate_avg', 'power_max']))
  expect(session?.totals['distance']).toBeCloseTo(streamOf(parsed, 'distance').v.at(-1) ?? Number.NaN, 6)
})

test('a copy that lost its last bytes keeps its session', async () => {
  const parsed = await parseActivity(fixture('fit/activity-unexpected-eof.fit'), { now })
  expect(codesOf(parsed)).toEqual(['truncated'])
  expect(parsed.records).toBe(14)
  expect(parsed.sessions[0]?.totals['distance']).toBe(5.73)
})

test('what follows a good file and is no file itself is passed over with a word', async () => {
  const parsed = await parseActivity(fixture('fit/activity-settings-corruptheader.fit'), { now })
  expect(parsed.warnings).toEqual([{ code: 'trailing_bytes', detail: 'from byte 771 on it is not FIT' }])
  expect(parsed.records).toBe(14)
})

test.each([
  [6, 'a course, which is a plan with invented times'],
  [2, 'settings'],
  [5, 'a planned workout'],
  [34, 'a segment'],
  [32, 'daily monitoring'],
  [77, 'files of type 77'],
])('a file of type %d is refused because it holds %s', async (type, words) => {
  const parsing = parseActivity(activity({ records: 3, type }).finish(), { now })
  await expect(parsing).rejects.toMatchObject({
    name: 'FormatError',
    code: 'not_an_activity',
    detail: `this FIT file holds ${words}, not a recorded activity`,
  })
})

test('more records than the limit are refused, not kept', async () => {
  const parsing = parseActivity(activity({ records: 20 }).finish(), { now, limits: { records: 10 } })
  await expect(parsing).rejects.toMatchObject({ code: 'too_many_records' })
})

test('definitions that promise the largest fields cost no memory', async () => {
  const fit = new FitWriter()
  for (let local = 0; local < 16; local++) {
    fit.define(
      local,
      20,
      Array.from({ length: 255 }, (_, num) => [num, base.byte, 255] as const),
    )
  }
  const parsing = parseActivity(fit.finish(), { now })
  await expect(parsing).rejects.toMatchObject({ code: 'empty' })
})
