/**
 * A night, a ride and a day of steps where the clocks change, and where they differ by three quarters of an hour: every brand that tells
 * local times is held to them. The night of the change has an hour twice, and the ride is in both.
 */
import type { Cloud, CloudOptions, NewAccount, Recording } from '@tributary/emulators/clouds'
import type { SessionType } from '@tributary/protocol'
import { expect } from 'vitest'
import type { Provider } from '../provider.ts'
import { offsetIn } from '../zone.ts'
import { connect } from './test-cloud-match.ts'
import type { Shelf } from './test-shelf.ts'

export const zones = ['Europe/Berlin', 'Asia/Kathmandu'] as const

const at = Date.parse
const now = '2026-10-26T12:00:00Z'
const night = { start: at('2026-10-24T21:10:00Z'), end: at('2026-10-25T05:40:00Z') }
const ride = { start: at('2026-10-25T00:40:00Z'), end: at('2026-10-25T01:20:00Z') }
const stagedAt = at('2026-10-25T00:00:00Z')

export interface ClockChange {
  provider: Provider
  make(options: CloudOptions): Cloud
  device: Recording['device']
  traits?: readonly string[] | undefined
  extra?: ((given: Readonly<Record<string, string>>) => Readonly<Record<string, string>>) | undefined
  /** It tells moments and no zone. */
  isZoneless?: true | undefined
}

export async function holdClock(zone: string, { provider, make, device, traits, extra, isZoneless }: ClockChange) {
  const person: NewAccount = {
    name: 'Mira Lind',
    email: 'mira@example.org',
    timeZone: zone,
    recordings: recordingsIn(zone, device),
    ...(traits ? { traits } : {}),
  }
  const limits = Array.from({ length: 8 }, () => 1_000_000)
  const connection = await connect({ provider, make, now, person, limits, ...(extra ? { extra } : {}) })
  const shelf = await connection.pull()
  expect(shelf.torn).toEqual([])
  for (const [type, { start, end }] of [
    ['sleep', night],
    ['workout', ride],
  ] as const) {
    if (!brings(provider, type)) continue
    const told = shelf.of(type)
    expect(
      told.map((one) => [one.start, one.end]),
      type,
    ).toEqual([[start, end]])
    // A night is of the day on which it ends, and some tell its zone from there.
    const offsets = [offsetIn(zone, start), ...(type === 'sleep' ? [offsetIn(zone, end)] : [])]
    if (!isZoneless) expect(offsets, type).toContain(told[0]?.offset)
  }
  if (brings(provider, 'steps')) sameSteps(shelf, zone)
}

const brings = ({ feeds }: Provider, what: SessionType | 'steps'): boolean =>
  Object.values(feeds).some((feed) => feed.brings.includes(what))

/** Minutes after midnight of the day on which the clocks change, by the wall: early and late enough for a day that begins at four. */
const walks = [
  ['2026-10-25', 5 * 60, 100],
  ['2026-10-25', 23 * 60 + 50, 20],
  ['2026-10-26', 5 * 60, 3],
] as const

const momentIn = (zone: string, date: string, minutes: number): number => {
  const wall = at(`${date}T00:00:00Z`) + minutes * 60_000
  return wall - (offsetIn(zone, wall - 6 * 3_600_000) ?? 0) * 60_000
}

function sameSteps(shelf: Shelf, zone: string): void {
  const days = shelf.days.get('steps')
  if (days) {
    expect([days.get('2026-10-25'), days.get('2026-10-26')]).toEqual([120, 3])
    return
  }
  const moments = walks.map(([date, minutes, steps]) => [momentIn(zone, date, minutes), steps])
  expect([...(shelf.values.get('steps') ?? [])]).toEqual(moments)
}

/** They say no zone, so that each cloud finds it by itself. */
function recordingsIn(zone: string, device: Recording['device']): Recording[] {
  const of = (key: string, ...readings: Recording['readings']): Recording => ({ key, device, readings })
  return [
    of('night', {
      kind: 'session',
      type: 'sleep',
      ...night,
      externalId: 'night',
      totals: {},
      parts: [
        { kind: 'stage', label: 'deep', start: night.start, end: stagedAt },
        { kind: 'stage', label: 'light', start: stagedAt, end: night.end },
      ],
    }),
    of('ride', {
      kind: 'session',
      type: 'workout',
      activity: 'cycling',
      ...ride,
      externalId: 'ride',
      totals: { duration: 2_400, distance: 12_000, heart_rate_avg: 131, heart_rate_max: 150, energy_active: 240 },
      parts: [],
    }),
    of(
      'steps',
      ...walks.map(([date, minutes, value]) => ({
        kind: 'sample' as const,
        metric: 'steps',
        t: momentIn(zone, date, minutes),
        duration: 60_000,
        value,
      })),
    ),
  ]
}
