/** Everything that touches the sessions of one person, at the same time: nobody waits in a circle, and the end is what it would be one by one. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/kit.ts'
import { importFiles, listSessions } from '../imports/test-uploads.ts'
import { groupSessions } from '../platform/sessions/group-sessions.ts'
import { listRecords } from '../platform/sessions/records.queries.ts'
import { recordOf } from '../platform/sessions/settle.ts'
import { sameRide } from './test-same-ride.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

test('imports, nights, edits, plans and deletions of one person at once all succeed, and the groups are those of what is left', async () => {
  const person = await server.owner()
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await server.call(method, `/api/v1${path}`, { token: person.token, ...(body ? { body } : {}) })
    return { status: answer.status, body: answer.body as Record<string, unknown> }
  }
  const devices: string[] = []
  for (const device_name of ['Ring', 'Watch', 'Phone']) {
    const made = await ask('POST', '/devices', { device_type: 'x', device_name, integration_type: 'api' })
    devices.push(made.body['device_id'] as string)
  }
  const from = Date.UTC(2025, 5, 1, 9)
  const day = (i: number) => from + i * 86_400_000
  const at = (ms: number) => new Date(ms).toISOString()
  await importFiles(
    server,
    person,
    [0, 1, 2].map((i) => sameRide('gpx', { start: day(i), seconds: 120, name: `${i}` })),
  )
  const known = (await listSessions(server, person)).items.map(({ session_id }) => session_id)
  const night = (i: number, device: number) => ({
    data_type: 'sleep',
    values: [{ stage: 'deep', start: at(day(i) + device * 600_000), end: at(day(i) + 7_200_000) }],
  })
  const statuses: number[] = []
  const told = async (asked: Promise<{ status: number }>) => void statuses.push((await asked).status)
  const work: (() => Promise<unknown>)[] = []
  for (let i = 0; i < 6; i++) {
    for (const format of ['fit', 'tcx', 'gpx'] as const)
      work.push(() => importFiles(server, person, [sameRide(format, { start: day(i), seconds: 120, name: `${i}` })]))
    for (const [n, device] of devices.entries())
      work.push(() => told(ask('POST', `/devices/${device}/data`, night(i, n))))
    const stretch = { start_time: at(day(i) - 60_000), end_time: at(day(i) + 300_000) }
    if (i % 3 === 0) work.push(() => told(ask('POST', '/suppressions', i ? { ...stretch, metric: 'sleep' } : stretch)))
    work.push(() => told(ask('DELETE', `/devices/${devices[i % 3]}/data?data_type=sleep&end_time=${at(day(i))}`)))
    work.push(() =>
      told(
        ask('POST', '/planned-sessions', { title: 'Ride', activity: 'cycling', scheduled_on: at(day(i)).slice(0, 10) }),
      ),
    )
    const manual = { type: 'workout', activity: 'cycling', start_time: at(day(i)), end_time: at(day(i) + 120_000) }
    work.push(() => told(ask('POST', '/sessions', manual)))
  }
  work.push(
    () => told(ask('PATCH', `/sessions/${known[0]}`, { title: 'Mine' })),
    () => told(ask('DELETE', `/sessions/${known[1]}?records=one`)),
    () => told(ask('DELETE', `/devices/${devices[2]}?data=delete`)),
  )
  await Promise.all(work.map((one) => one()))

  // What was gone already is a 404; nothing is a 409 or a 5xx.
  expect(statuses.filter((status) => status >= 300 && status !== 404)).toEqual([])
  for (const type of ['workout', 'sleep']) {
    const rows = await server.parts.db.read({ userId: person.userId }, (tx) =>
      listRecords(tx, person.userId, type, day(-2), day(9)),
    )
    expect(rows.length).toBeGreaterThan(5)
    const winners = groupSessions(rows.map(recordOf))
    for (const { session_id, superseded_by } of rows) expect(superseded_by ?? session_id).toBe(winners.get(session_id))
  }
  const { items } = await listSessions(server, person, '?type=workout')
  expect(items.flatMap(({ planned_session_id }) => planned_session_id ?? []).length).toBeGreaterThan(3)
})
