import { expect, it } from 'vitest'
import { crcOf, fitOf } from './fit.ts'
import { Measured } from './measured.ts'
import { run } from './test-recordings.ts'

const file = () => {
  const recording = run()
  const measured = new Measured('Europe/Stockholm', [recording])
  const session = measured.sessions('workout')[0]
  if (!session) throw new Error('the run is a workout')
  return Buffer.from(fitOf(session.reading, measured, { manufacturer: 32, serial: 77 }))
}

it('the checksum is the one of the format', () => {
  // Header of the published example file, with its CRC.
  const header = Buffer.from('0e20dc52570000002e464954f9aa', 'hex')
  expect(crcOf(header.subarray(0, 12))).toBe(0xaaf9)
  expect(crcOf(header)).toBe(0)
})

it('a workout becomes a whole FIT file: header, length and both checksums fit', () => {
  const bytes = file()
  expect(bytes.subarray(8, 12).toString()).toBe('.FIT')
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 16)
  expect(crcOf(bytes.subarray(0, 14))).toBe(0)
  expect(crcOf(bytes)).toBe(0)
})

it('a row every ten seconds holds place, height, heart rate, cadence of one leg, metres and speed', () => {
  const bytes = file()
  // The definition of record, then its first row: local type 2 in both.
  const at = bytes.indexOf(Buffer.from([0x42, 0, 0, 20, 0, 9]))
  const row = bytes.subarray(at + 6 + 27)
  expect(row[0]).toBe(2)
  expect(row.readUInt32LE(1) + 631_065_600).toBe(Date.parse('2026-11-03T11:04:12Z') / 1000)
  expect((row.readInt32LE(5) * 180) / 2 ** 31).toBeCloseTo(59.334, 5)
  expect((row.readInt32LE(9) * 180) / 2 ** 31).toBeCloseTo(18.063, 5)
  expect(row.readUInt16LE(13) / 5 - 500).toBe(20)
  expect([row[15], row[16], row.readUInt32LE(17), row.readUInt16LE(21), row.readUInt16LE(23)]).toEqual([
    140, 84, 0, 4_000, 0xffff,
  ])
})
