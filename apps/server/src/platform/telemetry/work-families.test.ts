import { expect, test } from 'vitest'
import type { Write } from '../db/database.ts'
import { createWorkFamilies } from './work-families.ts'

test('however often somebody asks, the database is asked once in ten seconds', async () => {
  let asked = 0
  let now = 1_000_000
  const db = { ping: async () => ++asked < 0, asWriter: notAsked }
  const work = createWorkFamilies(db, { now: () => now })
  await Promise.all(Array.from({ length: 50 }, () => work.read()))
  now += 9_999
  await work.read()
  expect(asked).toBe(1)
  now += 1
  await work.read()
  expect(asked).toBe(2)
})

test('a database that does not answer is said to be down, and is counted as soon as it is asked again', async () => {
  const work = createWorkFamilies({ ping: async () => false, asWriter: notAsked }, { now: Date.now })
  expect(await work.read()).toMatchObject([{ name: 'database_up', samples: [{ value: 0 }] }])

  let failures = 0
  const failing = {
    ping: async () => true,
    asWriter: async <T>(_work: (tx: Write) => Promise<T>): Promise<T> => {
      failures++
      throw new Error('the connection ended')
    },
  }
  const broken = createWorkFamilies(failing, { now: () => 0 })
  await expect(broken.read()).rejects.toThrow('the connection ended')
  await expect(broken.read()).rejects.toThrow('the connection ended')
  expect(failures).toBe(2)
})

async function notAsked<T>(_work: (tx: Write) => Promise<T>): Promise<T> {
  throw new Error('nothing is to be counted')
}
