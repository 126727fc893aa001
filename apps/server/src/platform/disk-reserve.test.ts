import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchDisk } from './disk-reserve.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('writes answer 507 while less than the reserve is free, and go on by themselves when there is room again', async () => {
  let free = 1_000
  const changes: boolean[] = []
  const disk = await watchDisk({
    dir: '/',
    reserveMb: 256,
    everyMs: 100,
    measure: async () => free,
    onChange: (full) => changes.push(full),
  })
  expect(() => disk.assertRoom()).not.toThrow()
  free = 255
  await vi.advanceTimersByTimeAsync(100)
  expect(() => disk.assertRoom()).toThrow('Less than 256 MB of disk are free')
  free = 300
  await vi.advanceTimersByTimeAsync(100)
  expect(() => disk.assertRoom()).not.toThrow()
  expect(changes).toEqual([true, false])
  disk.close()
})

test('the free room of a real directory is known', async () => {
  const disk = await watchDisk({ dir: '/', reserveMb: 1e12, onChange: () => undefined })
  expect(() => disk.assertRoom()).toThrow()
  disk.close()
})
