import { randomUUID } from 'node:crypto'
import type { Told, ToldCalendar, ToldPlan } from '@tributary/providers/kit'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { importFiles, listSessions } from '../imports/test-uploads.ts'
import { localDate } from '../platform/sessions/local-time.ts'
import { sameRide } from './test-same-ride.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await server.owner()
})
afterAll(() => server.stop())

interface Planned {
  planned_session_id: string
  status: string
  session_id: string | null
  scheduled_on: string
  title: string
}

const day = '2025-05-06'
const start = Date.parse(`${day}T11:00:00Z`)
const ride = { activity: 'cycling', title: 'Easy ride', scheduled_on: day }
const ask = async <T = Planned>(person: SignedInPerson, method: string, path: string, body?: unknown) => {
  const answer = await server.call(method, `/api/v1${path}`, { token: person.token, ...(body ? { body } : {}) })
  return { status: answer.status, body: answer.body as T }
}
const planOf = async (person: SignedInPerson, body: object = ride): Promise<Planned> => {
  const made = await ask(person, 'POST', '/planned-sessions', body)
  expect(made).toMatchObject({ status: 201 })
  return made.body
}
const seen = async (person: SignedInPerson, { planned_session_id }: Planned) =>
  (await ask(person, 'GET', `/planned-sessions/${planned_session_id}`)).body
const change = async (person: SignedInPerson, { planned_session_id }: Planned, body: object) =>
  (await ask(person, 'PATCH', `/planned-sessions/${planned_session_id}`, body)).body
const ridden = async (person: SignedInPerson, from = start, seconds = 600, name = 'ride') => {
  await importFiles(server, person, [sameRide('gpx', { start: from, seconds, name })])
  const { items } = await listSessions(server, person)
  return items.find(({ file_name, start_time }) => file_name === `${name}.gpx` && Date.parse(start_time) === from)
    ?.session_id as string
}

describe('a planned session', () => {
  test('is fulfilled by what was done that day, whichever is there first, and both say so', async () => {
    for (const first of ['plan', 'ride']) {
      const person = await server.person()
      const before = first === 'ride' ? await ridden(person) : undefined
      const plan = await planOf(person)
      const session_id = before ?? (await ridden(person))
      expect(await seen(person, plan)).toMatchObject({ status: 'fulfilled', session_id })
      const { items } = await listSessions(server, person)
      expect(items[0]).toMatchObject({ session_id, planned_session_id: plan.planned_session_id })
    }
  })

  test('is not fulfilled by another sport, another day, or a session that fulfils another plan', async () => {
    const person = await server.person()
    const run = await planOf(person, { ...ride, activity: 'running' })
    const next = await planOf(person, { ...ride, scheduled_on: '2025-05-07' })
    const first = await planOf(person, { ...ride, duration: 600 })
    const second = await planOf(person, { ...ride, duration: 6_000 })
    const session_id = await ridden(person)
    expect(await seen(person, first)).toMatchObject({ status: 'fulfilled', session_id })
    for (const plan of [run, next, second])
      expect(await seen(person, plan)).toMatchObject({ status: 'missed', session_id: null })
  })

  test('is fulfilled by the next best when its session is deleted, and by none when there is none', async () => {
    const person = await server.person()
    const plan = await planOf(person, { ...ride, duration: 600 })
    const [near, far] = [await ridden(person), await ridden(person, start + 3_600_000, 120, 'far')]
    expect(await seen(person, plan)).toMatchObject({ session_id: near })
    await ask(person, 'DELETE', `/sessions/${near}`)
    expect(await seen(person, plan)).toMatchObject({ status: 'fulfilled', session_id: far })
    await ask(person, 'DELETE', `/sessions/${far}`)
    expect(await seen(person, plan)).toMatchObject({ status: 'missed', session_id: null })
  })

  test('goes along when a better record of its session comes', async () => {
    const person = await server.person()
    const plan = await planOf(person)
    await ridden(person)
    await importFiles(server, person, [sameRide('fit', { start })])
    const { items } = await listSessions(server, person)
    expect(items).toMatchObject([{ planned_session_id: plan.planned_session_id, records: [{ format: 'fit' }, {}] }])
    expect(await seen(person, plan)).toMatchObject({ session_id: items[0]?.session_id })
  })

  test('matched by hand stays so, whatever the rule would say; taken away by hand it stays away', async () => {
    const person = await server.person()
    const [near, far] = [await ridden(person), await ridden(person, start + 3_600_000, 120, 'far')]
    const plan = await planOf(person, { ...ride, duration: 600 })
    const other = await planOf(person, { ...ride, duration: 120 })
    expect([(await seen(person, plan)).session_id, (await seen(person, other)).session_id]).toEqual([near, far])

    expect(await change(person, plan, { session_id: far })).toMatchObject({ session_id: far })
    expect(await seen(person, other)).toMatchObject({ session_id: near })
    await ridden(person, start + 7_200_000, 600, 'third')
    expect(await seen(person, plan)).toMatchObject({ session_id: far })
    // The record shown is another now, the session is the same.
    await importFiles(server, person, [sameRide('fit', { start: start + 3_600_000, seconds: 120 })])
    const { items } = await listSessions(server, person)
    const fit = items.find(({ records }) => records.length === 2)
    expect(await seen(person, plan)).toMatchObject({ session_id: fit?.session_id })
    expect(fit?.planned_session_id).toBe(plan.planned_session_id)

    expect(await change(person, plan, { session_id: null })).toMatchObject({ session_id: null, status: 'missed' })
    await ridden(person, start + 9_000_000, 600, 'fourth')
    expect(await seen(person, plan)).toMatchObject({ session_id: null })
    const missing = { session_id: '019aa0c1-0000-7000-8000-000000000001' }
    expect(await change(person, plan, missing)).toMatchObject({ code: 'not_found' })
  })

  test('can be skipped and taken up again, changed to another day, and deleted', async () => {
    const person = await server.person()
    const session_id = await ridden(person)
    const plan = await planOf(person)
    expect(await change(person, plan, { status: 'skipped' })).toMatchObject({ status: 'skipped', session_id: null })
    expect(await change(person, plan, { status: 'planned' })).toMatchObject({ status: 'fulfilled', session_id })
    expect(await change(person, plan, { scheduled_on: '2025-05-07' })).toMatchObject({ status: 'missed' })
    const timed = { start_time: '2025-05-06T12:59:00Z', duration: null }
    expect(await change(person, plan, timed)).toMatchObject({ status: 'fulfilled', session_id, title: 'Easy ride' })
    expect(await change(person, plan, { scheduled_on: '2025-05-09' })).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/start_time' }],
    })
    expect((await ask(person, 'DELETE', `/planned-sessions/${plan.planned_session_id}`)).status).toBe(204)
    expect((await listSessions(server, person)).items[0]).toMatchObject({ planned_session_id: null })
    expect(await seen(person, plan)).toMatchObject({ code: 'not_found' })
  })

  test('is missed when its day is over where the person is', async () => {
    const person = await server.person()
    // The last place on earth to end this day, and the first to have begun the next.
    const today = localDate(Date.now(), null, 'Pacific/Midway')
    const plan = await planOf(person, { ...ride, scheduled_on: today })
    for (const [time_zone, status] of [
      ['Pacific/Midway', 'planned'],
      ['Pacific/Kiritimati', 'missed'],
    ] as const) {
      await ask(person, 'PATCH', '/me', { time_zone })
      expect(await seen(person, plan)).toMatchObject({ status })
    }
  })

  test('of somebody else is not there', async () => {
    const [person, stranger] = [await server.person(), await server.person()]
    const plan = await planOf(person)
    const session = await ridden(person)
    expect(await seen(stranger, plan)).toMatchObject({ code: 'not_found' })
    expect(await change(stranger, plan, { title: 'x' })).toMatchObject({ code: 'not_found' })
    expect(await change(stranger, await planOf(stranger), { session_id: session })).toMatchObject({ code: 'not_found' })
  })
})

test('plans are listed by day, by state, and page by page', async () => {
  const person = await server.person()
  const days = ['2025-05-08', '2025-05-06', '2025-05-07', '2025-05-06', '2099-01-01']
  for (const [i, scheduled_on] of days.entries()) await planOf(person, { ...ride, title: `${i}`, scheduled_on })
  await ridden(person)
  const list = async (query: string) => {
    const titles: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { body: { items: Planned[]; next_cursor: string | null } } = await ask(
        person,
        'GET',
        `/planned-sessions?limit=2${query}${cursor && `&cursor=${cursor}`}`,
      )
      titles.push(...page.body.items.map(({ title }) => title))
      cursor = page.body.next_cursor
    }
    return titles
  }
  expect(await list('')).toEqual(['1', '3', '2', '0', '4'])
  expect(await list('&from=2025-05-07&to=2025-05-08')).toEqual(['2'])
  expect(await list('&status=planned')).toEqual(['4'])
  expect(await list('&status=fulfilled')).toEqual(['1'])
  expect(await list('&status=missed')).toEqual(['3', '2', '0'])
  expect((await ask(person, 'GET', '/planned-sessions?cursor=nonsense')).body).toMatchObject({ code: 'cursor_invalid' })
})

describe('a plan that a provider told', () => {
  async function connected() {
    const person = await server.person()
    const { userId } = person
    const connectionId = randomUUID()
    await server.parts.db.write({ userId }, (tx) =>
      sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
        values (${userId}, ${connectionId}, 'wahoo', ${connectionId}, 'wahoo', 'active')`.execute(tx),
    )
    const tell = async (...told: Told[]) => {
      const tally = await server.parts.takeTold({ userId, connectionId, provider: 'wahoo', told, feed: 'workouts' })
      const { received, inserted, updated, duplicates, suppressed, deleted, rejected } = tally
      expect(received).toBe(inserted + updated + duplicates + suppressed + deleted + rejected.length)
      return tally
    }
    return { ...person, connectionId, tell }
  }
  const soon = (days: number): string =>
    new Date(server.parts.clock.now() + days * 86_400_000).toISOString().slice(0, 10)
  const plan = (more: Partial<ToldPlan> = {}): ToldPlan => ({
    ...{ kind: 'plan', externalId: '7', date: soon(3), title: 'Tempo', activity: 'running', duration: 3_600 },
    ...more,
  })
  interface Listed extends Planned {
    description: string | null
    duration: number | null
    source: { name: string; kind: string } | null
    edited: object | null
  }
  const listed = async (person: SignedInPerson) =>
    (await ask<{ items: Listed[] }>(person, 'GET', '/planned-sessions')).body.items
  const titles = async (person: SignedInPerson) => (await listed(person)).map(({ title }) => title)

  test('is there once however often it is told, follows what is told, and says where it comes from', async () => {
    const person = await connected()
    expect(await person.tell(plan(), plan())).toMatchObject({ inserted: 1, duplicates: 1 })
    expect(await person.tell(plan())).toMatchObject({ inserted: 0, updated: 0, duplicates: 1 })
    expect(await person.tell(plan({ title: 'Longer tempo', duration: 4_200 }))).toMatchObject({ updated: 1 })
    const [only, ...others] = await listed(person)
    expect(others).toEqual([])
    expect(only).toMatchObject({
      title: 'Longer tempo',
      duration: 4_200,
      source: { name: 'Wahoo', kind: 'connection' },
    })
    expect(only?.edited).toBeNull()
    expect((await planOf(person)) as Partial<Listed>).toMatchObject({ source: null, edited: null })
  })

  test('keeps what its person made of it, beside what its provider says', async () => {
    const person = await connected()
    await person.tell(
      plan({ description: 'Easy' }),
      plan({ externalId: '8', title: 'Swim', activity: 'swimming_pool' }),
    )
    const [run, swim] = (await listed(person)).sort((a, b) => b.title.localeCompare(a.title)) as [Listed, Listed]
    const moved = await change(person, run, { title: 'Tempo with Ada', scheduled_on: soon(4) })
    expect(moved).toMatchObject({ edited: { title: 'Tempo', scheduled_on: soon(3) } })
    await change(person, swim, { status: 'skipped' })
    expect(
      await person.tell(
        plan({ title: 'Tempo, longer', description: 'Hard' }),
        plan({ externalId: '8', title: 'Long swim', activity: 'swimming_pool' }),
      ),
    ).toMatchObject({ updated: 2 })
    expect(await seen(person, run)).toMatchObject({
      title: 'Tempo with Ada',
      scheduled_on: soon(4),
      description: 'Hard',
      edited: { title: 'Tempo, longer', scheduled_on: soon(3) },
    })
    expect(await seen(person, swim)).toMatchObject({ title: 'Long swim', status: 'skipped', edited: null })
    expect(await change(person, run, { title: 'Tempo, longer', scheduled_on: soon(3) })).toMatchObject({ edited: null })
  })

  test('is fulfilled by what was done that day, and a match made by hand stays when it is told anew', async () => {
    const person = await connected()
    const session = await ridden(person)
    await person.tell(plan({ date: day, activity: 'cycling', duration: 600 }))
    const [told] = (await listed(person)) as [Listed]
    expect(told).toMatchObject({ status: 'fulfilled', session_id: session })
    await change(person, told, { session_id: null })
    await person.tell(plan({ date: day, activity: 'cycling', duration: 600, title: 'Ride' }))
    expect(await seen(person, told)).toMatchObject({ title: 'Ride', session_id: null, status: 'missed' })
  })

  test('stays away once its person deleted it, until they take that back', async () => {
    const person = await connected()
    await person.tell(plan())
    const [told] = (await listed(person)) as [Listed]
    expect((await ask(person, 'DELETE', `/planned-sessions/${told.planned_session_id}`)).status).toBe(204)
    expect(await person.tell(plan({ title: 'Tempo, longer' }))).toMatchObject({ suppressed: 1, inserted: 0 })
    expect(await listed(person)).toEqual([])
    const { items } = (
      await ask<{ items: { suppression_id: string; title: string; suppressed: number }[] }>(
        person,
        'GET',
        '/suppressions',
      )
    ).body
    expect(items).toMatchObject([{ title: 'Tempo', suppressed: 1 }])
    const noon = server.parts.clock.now() - 86_400_000
    const done = { kind: 'session', type: 'workout', start: noon, end: noon + 600_000, externalId: '7' } as const
    expect(
      await person.tell({ ...done, totals: {}, parts: [] }),
      'the workout of that id is another thing',
    ).toMatchObject({ inserted: 1 })
    await ask(person, 'DELETE', `/suppressions/${items[0]?.suppression_id}`)
    expect(await person.tell(plan())).toMatchObject({ inserted: 1 })
  })

  test('goes when its provider takes it back by its id, and what was done may fulfil another', async () => {
    const person = await connected()
    const session = await ridden(person)
    await person.tell(plan({ date: day, activity: 'cycling', duration: 600 }))
    const own = await planOf(person, { ...ride, duration: 9_000 })
    expect((await seen(person, own)).session_id).toBeNull()
    expect(await person.tell({ kind: 'forget', externalId: '7' })).toMatchObject({ deleted: 1 })
    expect(await seen(person, own)).toMatchObject({ session_id: session })
    expect(await person.tell({ kind: 'forget', externalId: '7' })).toMatchObject({ deleted: 0, duplicates: 1 })
    expect(await person.tell(plan(), { kind: 'forget', externalId: '7' })).toMatchObject({ inserted: 0, duplicates: 2 })
  })

  test('goes when a calendar that was read whole holds it no more, but not what is past, done, changed or told since', async () => {
    const person = await connected()
    const session_id = await ridden(person)
    const kept = { done: soon(2), changed: soon(3), beyond: soon(30), past: soon(-3), listed: soon(3), today: soon(0) }
    const plans = Object.entries({ ...kept, gone: soon(3), skipped: soon(3) }).map(([name, date]) =>
      plan({ externalId: name, title: name, date, activity: 'rowing' }),
    )
    const before = server.parts.clock.now() - 1
    await person.tell(...plans)
    const of = async (name: string) => (await listed(person)).find(({ title }) => title === name) as Listed
    expect(await change(person, await of('done'), { session_id })).toMatchObject({ status: 'fulfilled' })
    await change(person, await of('changed'), { description: 'Mine' })
    await change(person, await of('skipped'), { status: 'skipped' })
    await planOf(person, { title: 'own', scheduled_on: soon(3) })
    const asked = server.parts.clock.now()
    const calendar: ToldCalendar = { kind: 'calendar', from: soon(-7), to: soon(20), externalIds: ['listed'], asked }
    expect(await person.tell({ ...calendar, asked: before }), 'asked for before they were told').toMatchObject({
      deleted: 0,
    })
    expect(await person.tell(calendar)).toMatchObject({ received: 2, deleted: 2 })
    expect((await titles(person)).sort()).toEqual([...Object.keys(kept), 'own'].sort())
    expect(await person.tell(calendar), 'told again').toMatchObject({ received: 0, deleted: 0 })
  })

  test('that cannot be is refused with its reason, and a figure that cannot be is left out', async () => {
    const person = await connected()
    const told = await person.tell(
      plan({ date: '2026-02-30' }),
      plan({ externalId: '8', title: ' ' }),
      plan({ externalId: '9', distance: -1, start: Date.parse(soon(9)), description: 'Nul\0' }),
    )
    expect(told).toMatchObject({ inserted: 1 })
    expect(told.rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'date_invalid'],
      [1, 'part_missing'],
      [2, 'out_of_range'],
      [2, 'out_of_range'],
    ])
    expect(await listed(person)).toMatchObject([
      { title: 'Tempo', distance: null, start_time: null, description: 'Nul' },
    ])
  })

  test('goes with its connection’s data and stays without its connection', async () => {
    for (const data of ['keep', 'delete']) {
      const person = await connected()
      const session = await ridden(person)
      await person.tell(plan({ date: day, activity: 'cycling', duration: 600 }))
      const own = await planOf(person, { ...ride, duration: 9_000 })
      expect((await ask(person, 'DELETE', `/providers/connections/${person.connectionId}?data=${data}`)).status).toBe(
        204,
      )
      expect(await titles(person), data).toEqual(data === 'keep' ? ['Tempo', 'Easy ride'] : ['Easy ride'])
      expect((await seen(person, own)).session_id, 'what was done is free for another').toBe(
        data === 'keep' ? null : session,
      )
    }
  })
})
