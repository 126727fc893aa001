/** Against a model: whatever came and went, in several transactions at once, is grouped as if it had all been there from the start. */

import { randomUUID } from 'node:crypto'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { type TestStore, testStore } from '../samples/test-store.ts'
import { forgetSessions } from './forget.ts'
import { groupSessions } from './group-sessions.ts'
import { listRecords, lockSessions } from './records.queries.ts'
import { recordOf, settleSessions } from './settle.ts'

let store: TestStore
let db: Database
beforeAll(async () => {
  store = await testStore()
  db = store.open().db
})
afterAll(() => store.drop())

const minute = 60_000
const origin = Date.UTC(2025, 0, 1)

interface Session {
  sourceId: string
  format: string | null
  activity: string
  start: number
  minutes: number
}

async function put(userId: string, session: Session): Promise<string> {
  const sessionId = randomUUID()
  const end = session.start + session.minutes * minute
  await db.write({ userId }, async (tx) => {
    await lockSessions(tx, userId)
    await sql`
      insert into sessions (user_id, session_id, source_id, external_id, type, activity, start_at, end_at, format)
      values (${userId}, ${sessionId}, ${session.sourceId}, ${sessionId}, 'workout', ${session.activity},
        ${new Date(session.start)}, ${new Date(end)}, ${session.format})`.execute(tx)
    await settleSessions(tx, userId, [{ type: 'workout', start: session.start, end }])
  })
  return sessionId
}

const remove = (userId: string, id: string) => db.write({ userId }, (tx) => forgetSessions(tx, userId, [id]))

async function expectAsFromScratch(userId: string): Promise<number> {
  const rows = await db.read({ userId }, (tx) => listRecords(tx, userId, 'workout', origin - 1e9, origin + 1e10))
  const winners = groupSessions(rows.map(recordOf))
  for (const { session_id, superseded_by } of rows) expect(superseded_by ?? session_id).toBe(winners.get(session_id))
  return rows.filter(({ superseded_by }) => superseded_by !== null).length
}

test(
  'the groups are what they would be from scratch, after every step and after many at once',
  async () => {
    const place = fc.record({
      source: fc.nat({ max: 3 }),
      format: fc.constantFrom('fit', 'tcx', 'gpx', null),
      activity: fc.constantFrom('running', 'running_trail', 'other'),
      start: fc.integer({ min: 0, max: 60 }),
      // Some reach over days: they are found by another index.
      minutes: fc.constantFrom(1, 10, 30, 31, 60, 60 * 40),
    })
    let superseded = 0
    for (const [round, all] of fc
      .sample(fc.array(place, { minLength: 20, maxLength: 25 }), { numRuns: runs(8) })
      .entries()) {
      const person = await store.person()
      const { userId } = person
      const sources = await Promise.all(Array.from({ length: 4 }, () => source(userId)))
      const sessions = all.map((one) => ({
        ...one,
        sourceId: sources[one.source] as string,
        start: origin + one.start * 5 * minute,
      }))
      const ids: string[] = []
      if (round % 2) ids.push(...(await Promise.all(sessions.map((session) => put(userId, session)))))
      else
        for (const session of sessions) {
          ids.push(await put(userId, session))
          await expectAsFromScratch(userId)
        }
      superseded += await expectAsFromScratch(userId)
      const gone = ids.filter((_, i) => i % 3 === 0)
      await Promise.all([
        ...gone.map((id) => remove(userId, id)),
        ...sessions.slice(0, 5).map((one) => put(userId, one)),
      ])
      await expectAsFromScratch(userId)
    }
    expect(superseded).toBeGreaterThan(20)
  },
  runs(120_000),
)

async function source(userId: string): Promise<string> {
  const sourceId = randomUUID()
  const deviceId = randomUUID()
  await db.write({ userId }, async (tx) => {
    await sql`
      insert into devices (user_id, device_id, device_type, device_name, integration_type, sync_interval_minutes)
      values (${userId}, ${deviceId}, 'watch', 'Watch', 'api', 60)`.execute(tx)
    await sql`
      insert into sources (user_id, source_id, kind, device_id, name)
      values (${userId}, ${sourceId}, 'device', ${deviceId}, 'Watch')`.execute(tx)
  })
  return sourceId
}
