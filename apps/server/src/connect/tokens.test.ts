import { expect, test } from 'vitest'
import { keepAnswer } from './tokens.ts'

const answer = { accessToken: 'a', refreshToken: 'r' }
const renewedAfter = (auth: Parameters<typeof keepAnswer>[0]) =>
  (keepAnswer(auth, answer, undefined, 1_000_000).renewAt ?? 0) - 1_000_000

test('a token is renewed two minutes before it ends, and one that lives briefly when a tenth of it is left', () => {
  expect(renewedAfter({ accessSeconds: 3_600 })).toBe(3_480_000)
  expect(renewedAfter({ accessSeconds: 60 })).toBe(54_000)
})

test('a token is renewed as early as its provider says, but not before half of its life', () => {
  expect(renewedAfter({ accessSeconds: 86_400, earlySeconds: 600 })).toBe(85_800_000)
  expect(renewedAfter({ accessSeconds: 600, earlySeconds: 600 })).toBe(300_000)
})

test('a refresh token that dies unused is used when a third of that time is left', () => {
  const { renewIdleAt } = keepAnswer({ refreshSeconds: 90 }, answer, undefined, 0)
  expect(renewIdleAt).toBe(60_000)
})
