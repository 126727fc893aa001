import { writeRide } from '@tributary/formats/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { fixture, importFiles, listSessions } from '../imports/test-uploads.ts'

let server: TestServer
let person: SignedInPerson
const day = (n: number) => Date.UTC(2025, 1, n, 7)

beforeAll(async () => {
  server = await startServer()
  person = await server.owner()
  const ride = (n: number, sport: number) => ({
    name: `${n}.fit`,
    bytes: writeRide({ start: day(n), seconds: 900, sport, seed: n }),
  })
  // Two begin at the same second: of two devices, so that one does not continue the other, and not of one sport, so that they are two.
  const twin = { name: 'twin.fit', bytes: writeRide({ start: day(3), seconds: 60, serial: 77, sport: 10 }) }
  const tour = { name: 'tour.gpx', bytes: await fixture('gpx/cerknicko-jezero.gpx') }
  const { status } = await importFiles(server, person, [ride(1, 2), ride(2, 1), ride(3, 2), twin, ride(4, 1), tour])
  expect(status).toBe('done')
})
afterAll(() => server.stop())

const get = async (path: string) =>
  (await server.call('GET', `/api/v1/sessions${path}`, { token: person.token })) as { status: number; body: unknown }
const one = async () => {
  const { items } = await listSessions(server, person)
  return items.find(({ file_name }) => file_name === '3.fit')?.session_id
}

describe('the list of sessions', () => {
  test('is newest first, and its pages together hold each session once', async () => {
    const whole = await listSessions(server, person)
    const times = whole.items.map(({ start_time }) => Date.parse(start_time))
    expect(times).toEqual([...times].sort((a, b) => b - a))
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await listSessions(server, person, `?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ session_id }) => session_id))
      cursor = page.next_cursor
    }
    expect(seen).toEqual(whole.items.map(({ session_id }) => session_id))
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('can be one kind of workout, and those that began in a range, its end excluded', async () => {
    const runs = await listSessions(server, person, '?type=workout&activity=running')
    expect(runs.items.map(({ start_time }) => start_time)).toEqual(['2025-02-04T07:00:00Z', '2025-02-02T07:00:00Z'])
    const range = await listSessions(
      server,
      person,
      '?start_time=2025-02-02T08:00:00%2B01:00&end_time=2025-02-03T07:00:00Z',
    )
    expect(range.items.map(({ start_time }) => start_time)).toEqual(['2025-02-02T07:00:00Z'])
    expect((await listSessions(server, person, '?type=sleep')).items).toEqual([])
  })

  test.each(['nonsense', 'W10', 'WyJhIiwiYiJd', Buffer.from('["2025-02-02T07:00:00Z","%"]').toString('base64url')])(
    'refuses the cursor %s, which it never gave',
    async (cursor) => {
      expect(await get(`?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } })
    },
  )
})

describe('a session', () => {
  test('has its way in columns of equal length', async () => {
    const { body } = await get(`/${await one()}/track`)
    const { time, lat, lon, ele } = body as Record<'time' | 'lat' | 'lon' | 'ele', (number | string | null)[]>
    expect([time.length, lat.length, lon.length, ele.length]).toEqual([900, 900, 900, 900])
    expect([time[0], time.at(-1)]).toEqual(['2025-02-03T07:00:00Z', '2025-02-03T07:14:59Z'])
    expect(lat[0]).toBeCloseTo(50.06, 4)
  })

  test('has all that its source measured from start to end, each stream with its unit', async () => {
    const { body } = await get(`/${await one()}/streams`)
    const { time, streams } = body as { time: string[]; streams: Record<string, { unit: string; values: number[] }> }
    expect(time.length).toBe(900)
    const units = Object.fromEntries(Object.entries(streams).map(([name, { unit }]) => [name, unit]))
    expect(units).toEqual({
      ambient_temperature: '°C',
      cadence: 'rpm',
      distance: 'm',
      elevation: 'm',
      heart_rate: 'bpm',
      power: 'W',
      speed: 'm/s',
    })
    for (const { values } of Object.values(streams)) expect(values.filter((value) => value !== null)).toHaveLength(900)
  })

  test('can be thinned for a chart', async () => {
    const { body } = await get(`/${await one()}/streams?points=50`)
    const { time, streams } = body as { time: string[]; streams: Record<string, { values: number[] }> }
    expect([time.length, ...Object.values(streams).map(({ values }) => values.length)]).toEqual(Array(8).fill(50))
  })

  test('does not show what another device of the person measured at the same time', async () => {
    const { items } = await listSessions(
      server,
      person,
      '?start_time=2025-02-03T00:00:00Z&end_time=2025-02-04T00:00:00Z',
    )
    const lengths = await Promise.all(
      items.map(
        async ({ session_id }) => ((await get(`/${session_id}/streams`)).body as { time: string[] }).time.length,
      ),
    )
    expect(lengths.sort()).toEqual([60, 900])
  })

  test('has laps with their own figures', async () => {
    const { body } = await get(`/${await one()}/laps`)
    expect(body).toMatchObject({
      items: [
        {
          kind: 'lap',
          index: 0,
          start_time: '2025-02-03T07:00:00Z',
          end_time: '2025-02-03T07:14:59Z',
          totals: { duration: 899 },
        },
      ],
      next_cursor: null,
    })
  })

  test('that does not exist has nothing', async () => {
    const missing = '019aa0c1-0000-7000-8000-000000000001'
    for (const part of ['', '/track', '/streams', '/laps', '/file'])
      expect(await get(`/${missing}${part}`)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})
