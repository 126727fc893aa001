import type { HookRequest, Provider } from '@tributary/providers/kit'
import { ProviderError } from '@tributary/providers/kit'
import { expect, test } from 'vitest'
import { publicKeysFor } from './public-keys.ts'

test('keys that cannot be had are asked for once a minute, said in the log, and leave those that are known in use', async () => {
  let now = 1_000_000
  let asked = 0
  let answer: () => unknown = () => {
    throw new ProviderError('unavailable', 'no')
  }
  const warned: object[] = []
  const get = async () => {
    asked++
    return { body: answer() }
  }
  const edges = {
    calls: { openApp: async () => ({ get }) } as never,
    clock: { now: () => now },
    log: { warn: (said: object) => void warned.push(said) } as never,
  }
  const knows = (list: unknown, { headers }: HookRequest) => (list as string[]).includes(headers['x-key'] ?? '')
  const provider = { id: 'made-up', webhook: { publicKeys: { url: 'https://x.example/k', hours: 1, knows } } }
  const keys = (key: string) =>
    publicKeysFor(edges, provider as unknown as Provider, {
      method: 'POST',
      headers: { 'x-key': key },
      query: new URLSearchParams(),
      body: new Uint8Array(),
      at: now,
    })
  for (let i = 0; i < 5; i++) expect(await keys('a')).toBeUndefined()
  expect([asked, warned]).toMatchObject([1, [{ provider: 'made-up', err: { fault: 'unavailable' } }]])
  now += 60_000
  answer = () => ['a']
  expect(await keys('a')).toEqual(['a'])
  now += 2 * 3_600_000
  answer = () => {
    throw new ProviderError('unavailable', 'no')
  }
  for (let i = 0; i < 5; i++) expect(await keys('a')).toEqual(['a'])
  expect([asked, warned.length]).toEqual([3, 2])
})
