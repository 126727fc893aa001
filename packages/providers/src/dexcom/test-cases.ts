/** What is Dexcom’s alone, and mistakes that it would be easy to make. */

import type { Recording } from '@tributary/emulators/clouds'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Feed } from '../kit/feed.ts'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import type { Connection } from '../kit/testing/test-cloud-match.ts'
import { misread, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { sampleOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

const glucose = (...values: readonly number[]): Recording => ({
  ...sampleOf('blood_glucose', now, 0),
  readings: values.map((value, i) => ({
    kind: 'sample',
    metric: 'blood_glucose',
    t: now - 30 * hour + i * 300_000,
    value,
  })),
})
const asRead = async (connection: Connection) => {
  const shelf = await connection.pull(['egvs'])
  const values = [...(shelf.values.get('blood_glucose')?.values() ?? [])].map((v) => Math.round(v * 10) / 10)
  return [values.sort(), [...(shelf.tellers.get('blood_glucose') ?? [])]]
}

export const cases: readonly Case[] = [
  {
    fact: 'a new phone sends again what the sensor measured once',
    recordings: [glucose(6, 7)],
    traits: ['two_phones'],
    async holds(connection) {
      expect(await asRead(connection)).toEqual([[6, 7], ['g7']])
    },
    mistakes: [
      {
        mistake: 'the phone is taken for what measured',
        spoil: (provider) =>
          withFeed(provider, 'egvs', () => ({
            raw: z.unknown() as unknown as Feed['raw'],
            source: (record) => {
              const name = String((record as { displayDevice: string }).displayDevice)
              return { key: name, name }
            },
          })),
      },
    ],
  },
  {
    fact: 'a transmitter may have no name',
    recordings: [glucose(6)],
    traits: ['no_transmitter'],
    async holds(connection) {
      expect(await asRead(connection)).toEqual([[6], ['g7']])
    },
    mistakes: [
      {
        mistake: 'one is asked for',
        spoil: (provider) =>
          withFeed(provider, 'egvs', () => ({
            raw: z.looseObject({ transmitterId: z.string().min(1) }) as unknown as Feed['raw'],
          })),
      },
    ],
  },
  {
    fact: 'beyond what the sensor can tell stands its edge',
    recordings: [glucose(2, 23)],
    async holds(connection) {
      const shelf = await connection.pull(['egvs'])
      const values = [...(shelf.values.get('blood_glucose')?.values() ?? [])].map((v) => v * 18.0156)
      expect(values.map((v) => Math.round(v)).sort()).toEqual([40, 400])
    },
    mistakes: [
      {
        mistake: '39 and 401 are taken for numbers',
        spoil: (provider) =>
          retell(provider, 'egvs', (told) =>
            told.kind === 'sample' && told.quality ? { ...told, value: told.value === 40 ? 39 : 401 } : told,
          ),
      },
    ],
  },
  {
    fact: 'a value keeps the unit in which it was said',
    recordings: [glucose(6, 7)],
    traits: ['mmol'],
    async holds(connection) {
      expect(await asRead(connection)).toEqual([[6, 7], ['g7']])
    },
    mistakes: [
      {
        mistake: 'every value is taken for mg/dL',
        spoil: (provider) =>
          misread(provider, 'egvs', (record) => ({ ...(record as object), unit: 'mg/dL', status: 'ok' })),
      },
    ],
  },
  {
    fact: 'an entry may have neither value nor unit, and is one of nothing',
    recordings: [sampleOf('carbohydrates_intake', now - 30 * hour, 42)],
    traits: ['bare_events'],
    async holds(connection) {
      const { values } = await connection.pull(['events'])
      expect([...(values.get('carbohydrates_intake')?.values() ?? [])]).toEqual([0])
    },
    mistakes: [
      {
        mistake: 'a value is asked for',
        spoil: (provider) =>
          withFeed(provider, 'events', () => ({
            raw: z.looseObject({ value: z.string() }) as unknown as Feed['raw'],
          })),
      },
    ],
  },
  {
    fact: 'whose data lie in another region is let in, and has none',
    recordings: [glucose(6)],
    traits: ['other_region'],
    async holds(connection) {
      expect(connection.account).toBe(connection.cloudAccount)
      expect((await connection.pull()).size).toBe(0)
    },
    mistakes: [
      {
        mistake: 'an account is learned from its glucose',
        spoil: (provider) => ({
          ...provider,
          account: async (http) => {
            const { body } = await http.get('/v3/users/self/dataRange')
            return { account: z.object({ userId: z.string(), egvs: z.object({}) }).parse(body).userId, profile: {} }
          },
        }),
      },
    ],
  },
  {
    fact: 'times of an older kind, without seconds and zone, are UTC too',
    recordings: [glucose(6)],
    traits: ['old_times'],
    async holds(connection) {
      const shelf = await connection.pull(['egvs'])
      const at = now - 30 * hour
      expect([...(shelf.values.get('blood_glucose')?.keys() ?? [])]).toEqual([at - (at % 60_000)])
    },
    mistakes: [
      {
        mistake: 'they are read by the wall clock that stands beside them',
        spoil: (provider) =>
          misread(provider, 'egvs', (record) => {
            const row = record as { displayTime: string }
            return { ...row, systemTime: row.displayTime }
          }),
      },
    ],
  },
]
