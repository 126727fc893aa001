import { describe, expect, test } from 'vitest'
import { claritySeed } from '../testing/health-seeds.ts'
import { readFile } from '../testing/read.ts'
import { clarity } from './index.ts'

const header =
  'Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,Glucose Value (mg/dL),Insulin Value (u),Carb Value (grams),Duration (hh:mm:ss),Glucose Rate of Change (mg/dL/min),Transmitter Time (Long Integer),Transmitter ID'
const table = (...rows: string[]) => [header, ...rows].join('\r\n')
const timeZone = 'Europe/Berlin'
const read = (text: string) => readFile(clarity, text, { timeZone })
const at = Date.parse

/** Of each series its source, metric, unit, method, times and values. */
async function seriesIn(text: string) {
  const { pieces } = await read(text)
  return pieces.flatMap(({ source, readings }) =>
    readings.flatMap((one) =>
      one.kind === 'series' ? [[source.key, one.metric, one.unit, one.method, [...one.t], [...one.v]]] : [],
    ),
  )
}

describe('a table of Dexcom Clarity', () => {
  test('is known by its first columns, with a mark of its encoding or without', () => {
    for (const text of [header, `\uFEFF${header}`, `"Index","Timestamp (YYYY-MM-DDThh:mm:ss)","Event Type","x"`])
      expect(clarity.recognises(Buffer.from(text), 'x.csv')).toBe(true)
    for (const text of ['Index,Date,Event Type', 'Time,Glucose Value (mg/dL)', ''])
      expect(clarity.recognises(Buffer.from(text), 'CLARITY_Export.csv')).toBe(false)
  })

  test('tells glucose and its trend by the sensor’s generation, in the person’s own zone, in the unit of the header', async () => {
    const glucose = '1,2026-06-01T08:00:00,EGV,,,,iPhone G6,134,,,,-1.1,1000,8AB1C2'
    const t = at('2026-06-01T06:00:00Z')
    expect(await seriesIn(table(glucose))).toEqual([
      ['dexcom:g6', 'blood_glucose', 'mg/dL', 'automatic', [t], [134]],
      ['dexcom:g6', 'glucose_trend_rate', 'mg/dL/min', 'automatic', [t], [-1.1]],
    ])
    const inMmol = table(glucose.replace('134', '7.4')).replaceAll('mg/dL', 'mmol/L')
    expect((await seriesIn(inMmol))[0]).toEqual(['dexcom:g6', 'blood_glucose', 'mmol/L', 'automatic', [t], [7.4]])
    expect((await seriesIn(table(glucose.replace('iPhone G6', 'android G7'))))[0]?.[0]).toBe('dexcom:g7')
    expect((await seriesIn(table(glucose.replace('iPhone G6', ''))))[0]?.[0]).toBe('dexcom')
    expect(await seriesIn(table(glucose.replace('T08:00:00', ' 8:00:00')))).toHaveLength(2)
  })

  test('has words for what is beyond the sensor: its edges, trusted less', async () => {
    const rows = ['Low', 'High', '90'].map((level, i) => `${i},2026-06-01T08:0${i}:00,EGV,,,,iPhone G6,${level}`)
    const { pieces } = await read(table(...rows).replaceAll('mg/dL', 'mmol/L'))
    const series = pieces.flatMap(({ readings }) => readings.filter((one) => one.kind === 'series'))
    expect(series.map(({ unit, v, qualities = [] }) => [unit, [...v], [...qualities].map((code) => code > 0)])).toEqual(
      [
        ['mg/dL', [40, 400], [true, true]],
        ['mmol/L', [90], []],
      ],
    )
  })

  test('keeps fingersticks apart from the course, and entries from both', async () => {
    const rows = [
      '1,2026-06-01T07:10:00,Calibration,,,,iPhone G6,118',
      '2,2026-06-01T07:30:00,Carbs,,,,iPhone G6,,,42',
      '3,2026-06-01T07:31:00,Insulin,Fast-Acting,,,iPhone G6,,4.5',
      '4,2026-06-01T17:00:00,Exercise,Medium,,,iPhone G6,,,,00:30:00',
    ]
    expect(await seriesIn(table(...rows))).toEqual([
      ['dexcom:fingerstick', 'blood_glucose', 'mg/dL', 'active', [at('2026-06-01T05:10:00Z')], [118]],
      ['dexcom:entries', 'carbohydrates_intake', 'g', 'manual', [at('2026-06-01T05:30:00Z')], [42]],
      ['dexcom:entries', 'insulin_delivery', 'units', 'manual', [at('2026-06-01T05:31:00Z')], [4.5]],
    ])
    const { sessions } = await read(table(...rows))
    expect(sessions).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'other',
        start: at('2026-06-01T15:00:00Z'),
        end: at('2026-06-01T15:30:00Z'),
        offset: 120,
        externalId: `dexcom_clarity:exercise:${at('2026-06-01T15:00:00Z')}`,
        totals: { duration: 1_800 },
        parts: [],
        extra: { manual: true, intensity: 'Medium' },
      },
    ])
  })

  test('keeps no name of anybody, and says which rows and columns it passed over', async () => {
    const rows = ['1,,FirstName,,Noa,,,', '2,,LastName,,Vidal,,,', '3,,DateOfBirth,,1988-04-02,,,', '4,,Notes,,,,,']
    const all = await read(table(...rows, '5,2026-06-01T08:00:00,EGV,,,,iPhone G6,134'))
    expect(JSON.stringify(all)).not.toMatch(/Noa|Vidal|1988/)
    expect(all.ending.unused.map(({ name }) => name)).toEqual([
      'FirstName',
      'LastName',
      'DateOfBirth',
      'Notes',
      'Index',
      'Patient Info',
      'Device Info',
      'Transmitter Time (Long Integer)',
      'Transmitter ID',
    ])
    expect(all.ending).toMatchObject({ format: 'dexcom_clarity', records: 5, rejected: [] })
  })

  test('has an hour twice when the clocks go back, and it is told apart by the order of the rows', async () => {
    const walls = ['02:55', '02:00', '02:05'].map((wall, i) => `${i},2026-10-25T${wall}:00,EGV,,,,iPhone G6,${100 + i}`)
    const [[, , , , times] = []] = (await seriesIn(table(...walls))) as [unknown[]]
    expect(times).toEqual([at('2026-10-25T00:55:00Z'), at('2026-10-25T01:00:00Z'), at('2026-10-25T01:05:00Z')])
  })

  test('names a row that cannot be used, and reads it once more when it can', async () => {
    const bad = '1,2026-06-01T08:00:00,EGV,,,,iPhone G6,much'
    const { pieces, ending } = await read(
      table(bad, '2,noon,EGV,,,,iPhone G6,100', '3,2036-06-01T08:00:00,Carbs,,,,,,,5'),
    )
    expect(ending.rejectedByCode).toEqual({ value_unreadable: 1, time_unreadable: 1, time_in_future: 1 })
    const [first] = pieces.flatMap(({ unusable }) => unusable)
    expect(first).toMatchObject({ index: 1, code: 'value_unreadable', detail: '“much” is no number' })
    const mended = (first?.raw ?? '').replace('much', '101')
    const options = { now: at('2026-11-20T12:00:00Z'), timeZone }
    expect((await clarity.replay?.(mended, options))?.readings).toMatchObject([
      { metric: 'blood_glucose', v: Float64Array.of(101) },
    ])
  })

  test('passes no column over without a word', async () => {
    const [header = '', ...rows] = claritySeed().replace('\uFEFF', '').split('\r\n')
    const said = async (text: string) =>
      JSON.stringify(
        (await read(text)).pieces.map(({ progress: _, ...piece }) => piece),
        (_, v) => (ArrayBuffer.isView(v) ? [...(v as Float64Array)] : v),
      )
    const other: Readonly<Record<string, [RegExp, string]>> = {
      'Timestamp (YYYY-MM-DDThh:mm:ss)': [/T08/, 'T09'],
      'Event Type': [/Carbs/, 'Notes'],
      'Event Subtype': [/Medium/, 'Light'],
      'Source Device ID': [/G6/, 'G7'],
      'Glucose Value (mg/dL)': [/^1/, '2'],
      'Insulin Value (u)': [/4.5/, '5.5'],
      'Carb Value (grams)': [/42/, '43'],
      'Duration (hh:mm:ss)': [/30/, '40'],
      'Glucose Rate of Change (mg/dL/min)': [/-0.1/, '-0.9'],
    }
    const { unused } = (await read([header, ...rows].join('\r\n'))).ending
    const before = await said([header, ...rows].join('\r\n'))
    for (const [i, name] of header.split(',').entries()) {
      const change = other[name]
      expect(change !== undefined || unused.some((one) => one.name === name), name).toBe(true)
      if (!change) continue
      const changed = rows.map((row) => {
        const cells = row.split(',')
        return cells.map((cell, at) => (at === i ? cell.replace(...change) : cell)).join(',')
      })
      expect(await said([header, ...changed].join('\r\n')), name).not.toBe(before)
    }
  })
})
