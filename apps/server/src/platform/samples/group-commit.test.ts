import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGroupCommit } from './group-commit.ts'
import type { Client } from './sql.ts'

/** A database whose commits end when they are let. */
function slowDatabase() {
  const commits: (() => void)[] = []
  const query = async (config: unknown) => {
    if (config === 'commit') await new Promise<void>((resolve) => commits.push(resolve))
    return { rows: [] }
  }
  const client: Client = { query, release: () => undefined }
  return { pool: { connect: async () => client }, commits }
}

test('beside a flush under way another begins only when as many wait as that one took', async () => {
  const { pool, commits } = slowDatabase()
  const group = createGroupCommit({ pool, now: () => 0, onFailure: () => undefined })
  const append = () => group.append({ userId: 'somebody', slices: [] })
  const answers = [append(), append(), append()]
  await pause(20)
  answers.push(append(), append())
  await pause(20)
  expect(commits).toHaveLength(1)
  answers.push(append())
  await pause(20)
  expect(commits).toHaveLength(2)
  answers.push(append())
  for (const end of commits.splice(0)) end()
  await pause(20)
  for (const end of commits) end()
  expect(await Promise.all(answers)).toEqual(answers.map(() => []))
  await group.drain()
})
