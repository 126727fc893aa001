import { expect, test, vi } from 'vitest'
import { startCompactor } from './compactor.ts'

const done = { days: 1, points: 10, more: false, failures: [] }

test('the compactor looks again at once while there is more, then after its interval, until it is stopped', async () => {
  vi.useFakeTimers()
  try {
    const looks: number[] = []
    const answers = [{ ...done, more: true }, done, done]
    const compactor = startCompactor({
      compact: async ({ now }) => {
        looks.push(now)
        return answers[looks.length - 1] ?? done
      },
      now: () => Date.now() - started,
      intervalMs: 1_000,
      log: { warn: () => undefined },
    })
    const started = Date.now()
    await vi.advanceTimersByTimeAsync(2_500)
    expect(looks.map((ms) => Math.floor(ms / 100) / 10)).toEqual([1, 1, 2])
    await compactor.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(looks).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})

test('a failed look is logged and the next one comes', async () => {
  vi.useFakeTimers()
  try {
    const warn = vi.fn()
    let looks = 0
    const compactor = startCompactor({
      compact: async () => {
        if (++looks === 1) throw new Error('no database')
        return { ...done, failures: [{ userId: 'u', seriesId: 7, error: new Error('one bad day') }] }
      },
      now: () => 0,
      intervalMs: 1_000,
      log: { warn },
    })
    await vi.advanceTimersByTimeAsync(2_000)
    await compactor.stop()
    expect(warn.mock.calls.map(([, message]) => message)).toEqual(['compaction failed', 'a day was not compacted'])
  } finally {
    vi.useRealTimers()
  }
})
