import { seed } from '@tributary/protocol/testing'
import { expect, test } from 'vitest'
import { killInKeyChange } from './key-kills.ts'

// `npm run prove` does the same with 10,000 credentials and five kills.
test('a program killed in the middle of a change of its encryption key, while people sync, ends it with every credential readable', async () => {
  const { faults, unreadable, killedAt, renewals, reads } = await killInKeyChange({ credentials: 300, kills: 1, seed })
  expect(faults).toEqual([])
  expect(unreadable).toBe(0)
  expect(killedAt).toEqual([expect.toSatisfy((wrapped: number) => wrapped >= 150 && wrapped < 300)])
  expect([renewals > 5, reads > 5], 'tokens were opened, renewed and used').toEqual([true, true])
}, 300_000)
