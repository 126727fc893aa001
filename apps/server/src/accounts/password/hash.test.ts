import { expect, test } from 'vitest'
import { Problem } from '../../platform/problem.ts'
import { createPasswords } from './hash.ts'

const passwords = createPasswords()

test('a password is kept as argon2id with the cost that OWASP advises', async () => {
  const kept = await passwords.hash('correct horse battery staple')
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await passwords.verify('correct horse battery staple', kept)).toBe(true)
  expect(await passwords.verify('correct horse battery stapler', kept)).toBe(false)
})

test('the same password is never kept the same way twice', async () => {
  expect(await passwords.hash('correct horse')).not.toBe(await passwords.hash('correct horse'))
})

test('an accent typed as one sign or as two is the same password', async () => {
  const kept = await passwords.hash('caf\u00e9 au lait')
  expect(await passwords.verify('cafe\u0301 au lait', kept)).toBe(true)
})

test('a hash of another cost still opens, so that the cost can rise', async () => {
  // From the tests of the reference implementation (P-H-C/phc-winner-argon2, src/test.c): salt "somesalt", t = 2, m = 256.
  const kept = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
  expect(await passwords.verify('password', kept)).toBe(true)
})

test('an account that does not exist has no right password', async () => {
  expect(await passwords.verify('correct horse battery staple', null)).toBe(false)
})

test('more people than the queue holds are asked to come back, and those in it are served', async () => {
  const few = createPasswords()
  const answers = await Promise.allSettled(Array.from({ length: 80 }, () => few.verify('guess', null)))
  const refused = answers.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  expect(refused).toHaveLength(80 - 2 - 64)
  for (const { reason } of refused) {
    expect(reason).toBeInstanceOf(Problem)
    expect(reason).toMatchObject({ code: 'busy', retryAfterSeconds: 2 })
  }
  expect(await few.verify('guess', null)).toBe(false)
})
