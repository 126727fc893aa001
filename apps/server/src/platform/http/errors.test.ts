import { expect, test } from 'vitest'
import { toProblem } from './errors.ts'

test.each([
  ['40P01', 'busy', 503, 1],
  ['55P03', 'busy', 503, 1],
  ['53100', 'storage_full', 507, undefined],
  ['57P01', 'database_unavailable', 503, 2],
])(
  'what PostgreSQL calls %s is answered as %s, with when to come again',
  (code, problem, status, retryAfterSeconds) => {
    const found = toProblem(Object.assign(new Error('the words of PostgreSQL'), { code }))
    expect(found).toMatchObject({ code: problem, status })
    expect(found?.retryAfterSeconds).toBe(retryAfterSeconds)
  },
)

test('what nobody knows is no answer to a caller', () => {
  expect(toProblem(new Error('out of luck'))).toBeUndefined()
})
