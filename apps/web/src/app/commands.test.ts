import { expect, test } from 'vitest'
import { commandsFor, findCommands } from './commands.ts'

const commands = commandsFor(['heart_rate', 'resting_heart_rate', 'vo2max'], [{ title: 'Add a device', group: 'Do' }])
const found = (typed: string) => findCommands(commands, typed).map(({ title }) => title)

test('a few letters of each word find a chart, whatever their order', () => {
  expect(found('he ra')).toEqual(['Heart rate', 'Resting heart rate'])
  expect(found('rate rest')).toEqual(['Resting heart rate'])
})

test('letters with marks are found without them', () => {
  expect(found('vo2')).toEqual(['VO₂ max'])
})

test('nothing typed shows everything, rooms first', () => {
  expect(found('')).toHaveLength(commands.length)
  expect(found('')[0]).toBe(commands[0]?.title)
})

test('what nothing is called finds nothing', () => {
  expect(found('zzz')).toEqual([])
})
