import type { HookRequest, Provider } from '@tributary/providers/kit'
import { ProviderError } from '@tributary/providers/kit'
import { afterEach, expect, test, vi } from 'vitest'
import { type KeyEdges, publicKeysFor } from './public-keys.ts'

afterEach(() => vi.useRealTimers())

function madeUp(id: string, get: () => Promise<{ body: unknown }>) {
  const clock = { at: 1_000_000, now: () => clock.at }
  const warned: object[] = []
  const edges: KeyEdges = {
    calls: { openApp: async () => ({ get }) as never },
    clock,
    log: { warn: (said: object) => void warned.push(said) } as never,
  }
  const knows = (list: unknown, { headers }: HookRequest) => (list as string[]).includes(headers['x-key'] ?? '')
  const provider = { id, webhook: { publicKeys: { url: 'https://x.example/k', hours: 1, knows } } }
  const keys = (key: string) =>
    publicKeysFor(edges, provider as unknown as Provider, {
      method: 'POST',
      headers: { 'x-key': key },
      query: new URLSearchParams(),
      body: new Uint8Array(),
      at: clock.at,
    })
  return { clock, warned, keys }
}

test('keys that cannot be had are asked for once a minute, said in the log, and leave those that are known in use', async () => {
  let asked = 0
  let answer: () => unknown = () => {
    throw new ProviderError('unavailable', 'no')
  }
  const { clock, warned, keys } = madeUp('unreliable', async () => {
    asked++
    return { body: answer() }
  })
  for (let i = 0; i < 5; i++) expect(await keys('a')).toEqual({ list: undefined })
  expect([asked, warned]).toMatchObject([1, [{ provider: 'unreliable', err: { fault: 'unavailable' } }]])
  clock.at += 60_000
  answer = () => ['a']
  expect(await keys('a')).toEqual({ list: ['a'] })
  clock.at += 2 * 3_600_000
  answer = () => {
    throw new ProviderError('unavailable', 'no')
  }
  for (let i = 0; i < 5; i++) expect(await keys('a')).toEqual({ list: ['a'] })
  expect([asked, warned.length]).toEqual([3, 2])
})

test('who posts waits 700 ms for keys and no longer, is told to come back, and finds them once they arrived', async () => {
  vi.useFakeTimers()
  const arrived = Promise.withResolvers<{ body: unknown }>()
  let asked = 0
  const { clock, keys } = madeUp('slow', () => {
    asked++
    return arrived.promise
  })
  for (const wait of [700, 700]) {
    const told = keys('a')
    let isTold = false
    told.then(() => {
      isTold = true
    })
    await vi.advanceTimersByTimeAsync(wait - 1)
    expect(isTold).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await told).toBe('not_yet')
  }
  expect(asked, 'a server that does not answer is asked once').toBe(1)
  arrived.resolve({ body: ['a'] })
  await vi.advanceTimersByTimeAsync(0)
  expect(await keys('a')).toEqual({ list: ['a'] })
  clock.at += 2 * 3_600_000
  expect(await keys('a'), 'what is known is used while it is fetched anew').toEqual({ list: ['a'] })
  expect(asked).toBe(2)
})
