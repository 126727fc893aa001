import { expect, test } from 'vitest'
import { createFormat } from '../util/format.ts'
import { axesOf, metricLines, stacksOf } from './metric-lines.ts'

const format = createFormat({ locale: 'en-GB', timeZone: 'UTC', units: 'metric' })
const source = (name: string) => ({ source_id: name, name, kind: 'device' as const, device_id: null })
const answer = (metric: 'heart_rate' | 'steps', names: string[]) => ({
  metric,
  resolutionMs: 0,
  sourceIds: ['Watch', 'Strap'],
  lines: names.map((name) => ({
    metric,
    unit: '',
    n: 1,
    source: source(name),
    values: [{ timestamp: '2026-03-14T08:00:00Z', value: 70 }],
  })),
})

test('two units share a chart, each with its axis; a third parts them', () => {
  expect(stacksOf(axesOf(['heart_rate', 'steps'], format))).toEqual([[['heart_rate'], ['steps']]])
  expect(stacksOf(axesOf(['heart_rate', 'steps', 'body_mass'], format))).toEqual([
    [['heart_rate']],
    [['steps']],
    [['body_mass']],
  ])
})

test('metrics of the same unit share an axis, counts of different things do not', () => {
  expect(axesOf(['bp_systolic', 'bp_diastolic', 'heart_rate'], format)).toEqual([
    ['bp_systolic', 'bp_diastolic'],
    ['heart_rate'],
  ])
  expect(axesOf(['steps', 'floors_climbed'], format)).toEqual([['steps'], ['floors_climbed']])
})

test('every metric of every source has a colour of its own, and the second axis is on the right', () => {
  const lines = metricLines([answer('heart_rate', ['Watch', 'Strap']), answer('steps', ['Watch'])], format, 'light')
  expect(new Set(lines.map(({ colour }) => colour)).size).toBe(3)
  expect(lines.map(({ id, axis }) => [id, axis])).toEqual([
    ['steps~Watch', 1],
    ['heart_rate~Watch', undefined],
    ['heart_rate~Strap', undefined],
  ])
})

test('a source keeps its colour where others have nothing', () => {
  const [, strap] = metricLines([answer('heart_rate', ['Watch', 'Strap'])], format, 'light')
  expect(metricLines([answer('heart_rate', ['Strap'])], format, 'light')[0]?.colour).toBe(strap?.colour)
})
