import { HealthFile } from '../fit/health/write-health.ts'
import { fitSeconds } from '../fit/write.ts'
import { fixture } from './fixture.ts'

const start = Date.UTC(2026, 5, 6, 22)
const at = (seconds: number) => fitSeconds(start) + seconds
const text = (words: string) => new TextEncoder().encode(words)

/** A watch's day and night, a scale and a cuff, small enough that damage hits something. */
export function healthSeeds(): Uint8Array[] {
  const day = new HealthFile(32, start).add(103, { 253: at(0), 0: at(7200), 5: 1650 })
  for (let i = 0; i < 60; i++) {
    const t = 25_000 + i * 900
    day.add(55, { 253: at(t), 5: [6, 1, 2, 5][i % 4] ?? 6, 3: i * 40, 2: i * 3000, 19: i })
    day.add(55, { 26: at(t + 60) & 0xffff, 27: 55 + i }).add(227, { 0: (i % 60) - 3, 1: at(t) })
    day.add(297, { 253: at(t), 0: 1400 + i }).add(269, { 253: at(t), 0: 95, 1: 3, 2: 2 })
  }
  day.add(55, { 253: at(80_000), 33: 10, 34: 5 }).add(211, { 253: at(80_000), 0: 50, 1: 49 })
  const night = new HealthFile(49, start).add(103, { 253: at(0), 0: at(7200) })
  for (let i = 0; i < 30; i++)
    night.add(275, { 253: at(i * 600), 0: i % 5 }).add(371, { 253: at(i * 600), 0: 5000 + i })
  night.add(21, { 253: at(18_600), 0: 74, 1: 1 }).add(346, { 253: at(18_600), 6: 80, 11: 2, 3: 70 })
  night
    .add(372, { 253: at(100), 0: 5, 1: [1000, 900 | 0x8000, 800 | 0x4000] })
    .add(290, { 253: at(200), 0: 0, 1: [990, 1010] })
  night.add(412, { 253: at(60_000), 0: at(50_000), 1: 120, 2: at(53_000), 3: 120, 5: 0 })
  night
    .add(398, { 253: at(18_600), 0: at(25_800), 1: -0.2, 4: 33.5 })
    .add(370, { 253: at(18_600), 0: 6000, 1: 6100, 6: 4 })
  const body = new HealthFile(9, start).add(30, {
    253: at(0),
    0: 7245,
    1: 1720,
    2: 5810,
    4: 340,
    5: 3320,
    7: 6800,
    10: 31,
    13: 228,
  })
  body.add(51, { 253: at(60), 0: 122, 1: 79, 2: 93, 6: 61, 8: 0 })
  return [
    day.finish(),
    night.finish(),
    body.finish(),
    fixture('health-auto-export/version-1.json'),
    fixture('health-auto-export/version-2.json'),
    text(claritySeed()),
  ]
}

/** A table of Dexcom Clarity, with a row of each kind. */
export function claritySeed(): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const glucose = Array.from({ length: 40 }, (_, i) => {
    const level = i === 7 ? 'Low' : i === 8 ? 'High' : String(100 + i)
    return `${i + 9},"2026-06-0${1 + Math.floor(i / 12)}T08:${two((i % 12) * 5)}:00","EGV",,,,"iPhone G6",${level},,,,${i % 5 === 0 ? '' : `-0.${i % 5}`},${1000 + i * 300},"8AB1C2"`
  })
  return [
    '\uFEFFIndex,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,Glucose Value (mg/dL),Insulin Value (u),Carb Value (grams),Duration (hh:mm:ss),Glucose Rate of Change (mg/dL/min),Transmitter Time (Long Integer),Transmitter ID',
    '1,,FirstName,,Noa,,,,,,,,,',
    '2,,Device,,,Dexcom G6 Mobile App,iPhone G6,,,,,,,',
    '3,,Alert,Low,,,iPhone G6,70,,,,,,',
    '4,"2026-06-01T07:10:00","Calibration",,,,"iPhone G6",118,,,,,500',
    '5,"2026-06-01T07:30:00","Carbs",,,,"iPhone G6",,,42,,,',
    '6,"2026-06-01T07:31:00","Insulin","Fast-Acting",,,"iPhone G6",,4.5,,,,',
    '7,"2026-06-01T17:00:00","Exercise","Medium",,,"iPhone G6",,,,00:30:00,,',
    '8,"2026-06-01T18:00:00","Notes",,,,"iPhone G6",,,,,,',
    ...glucose,
  ].join('\r\n')
}

/** Tables as apps write them. */
export function tableSeeds(): Uint8Array[] {
  const rows = Array.from({ length: 60 }, (_, i) => i)
  const two = (value: number) => String(value).padStart(2, '0')
  return [
    text(
      `Date,Weight (kg),Fat %,Note\n${rows.map((i) => `2026-0${1 + (i % 9)}-${two(1 + (i % 28))} 07:${two(i)},7${i % 10}.${i % 7},17.${i % 9},"a ""b"", c"`).join('\n')}\n`,
    ),
    text(
      `Datum;Uhrzeit;Gewicht;Puls\n${rows.map((i) => `${two(1 + (i % 28))}.10.2026;08:${two(i)};7${i % 10},${i % 7};${60 + i}`).join('\r\n')}\r\n`,
    ),
    text(
      `Timestamp,Heart Rate [bpm],Steps\n${rows.map((i) => `${1_780_000_000 + i * 60},${60 + i},${i * 3}`).join('\n')}`,
    ),
    Buffer.from(
      `\uFEFFTime\tSystolic\tDiastolic\tSleep\n${rows.map((i) => `10/${1 + (i % 28)}/2026 8:${two(i)} AM\t12${i % 10}\t7${i % 10}\t7:${two(i)}:00`).join('\n')}\n`,
      'utf16le',
    ),
  ]
}
