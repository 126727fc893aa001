import { setImmediate as soon } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Places } from './places.ts'

const never = new AbortController().signal

test('places are given in the order they were asked for, and whoever gave up is passed over', async () => {
  const places = new Places(2)
  const entered: number[] = []
  const leaving = new AbortController()
  const enter = (n: number, signal = never) => places.enter(signal).then(() => entered.push(n))
  const asked = [enter(0), enter(1), enter(2), enter(3, leaving.signal), enter(4), enter(5)]
  await soon()
  expect(entered).toEqual([0, 1])
  leaving.abort(new Error('no longer wanted'))
  await expect(asked[3]).rejects.toThrow('no longer wanted')
  for (const expected of [
    [0, 1, 2],
    [0, 1, 2, 4],
    [0, 1, 2, 4, 5],
  ]) {
    places.leave()
    await soon()
    expect(entered).toEqual(expected)
  }
  for (let i = 0; i < 2; i++) places.leave()
  await Promise.all([enter(6), enter(7)])
  expect(entered).toEqual([0, 1, 2, 4, 5, 6, 7])
  await expect(places.enter(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
})
