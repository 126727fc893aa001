/** What is Google's alone among points that are a value with a time, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask, rehttp, retell } from '../kit/testing/test-mistakes.ts'
import { device, sample, type Typed, values } from './test-fortnight.ts'

export const pointCases: readonly Case[] = [
  {
    fact: 'what a phone and a band both counted is told by one of them',
    recordings: [sample('steps', 97)],
    traits: ['phone_too'],
    async holds(connection) {
      const shelf = await connection.pull(['steps'])
      expect(shelf.values.get('steps')?.size).toBe(1)
      expect(shelf.tellers.get('steps')?.size).toBe(1)
    },
    mistakes: [
      {
        mistake: 'the list of each source is asked for, and not what they agree on',
        spoil: (provider) =>
          rehttp(provider, 'steps', (path, query, options) => [path.replace(':reconcile', ''), query, options]),
      },
    ],
  },
  {
    fact: 'whole numbers are texts',
    recordings: [sample('heart_rate', 88)],
    async holds(connection) {
      expect(await values(connection, 'heart_rate', 'heart_rate')).toEqual([88])
    },
    mistakes: [
      {
        mistake: 'a text is no number',
        spoil: (provider) =>
          misread(provider, 'heart_rate', (record) => {
            const { heartRate = {}, ...rest } = record as Typed
            const { beatsPerMinute } = heartRate
            return {
              ...rest,
              heartRate: { ...heartRate, beatsPerMinute: typeof beatsPerMinute === 'number' ? beatsPerMinute : null },
            }
          }),
      },
    ],
  },
  {
    fact: 'a point tells RMSSD and SDNN, each by its name',
    recordings: [sample('hrv_rmssd', 40)],
    async holds(connection) {
      const shelf = await connection.pull(['heart_rate_variability'])
      const of = (metric: string) => [...(shelf.values.get(metric)?.values() ?? [])]
      expect([of('hrv_rmssd'), of('hrv_sdnn')]).toEqual([[40], [52]])
    },
    mistakes: [
      {
        mistake: 'one is taken for the other',
        spoil: (provider) =>
          retell(provider, 'heart_rate_variability', (told) =>
            told.kind === 'sample' ? { ...told, metric: told.metric === 'hrv_sdnn' ? 'hrv_rmssd' : 'hrv_sdnn' } : told,
          ),
      },
    ],
  },
  {
    fact: 'a night’s skin temperature is absolute, and its deviation is what it is above the baseline',
    recordings: [
      {
        key: 'warmth',
        device,
        readings: [{ kind: 'day', metric: 'skin_temperature_deviation', date: '2026-11-08', value: -0.3 }],
      },
    ],
    async holds(connection) {
      const shelf = await connection.pull(['sleep_temperature'])
      expect(shelf.days.get('skin_temperature')?.get('2026-11-08')).toBe(33.2)
      expect(shelf.days.get('skin_temperature_deviation')?.get('2026-11-08')).toBeCloseTo(-0.3, 6)
    },
    mistakes: [
      {
        mistake: 'the temperature is taken for the deviation',
        spoil: (provider) =>
          misread(provider, 'sleep_temperature', (record) => {
            const row = record as Typed
            const key = 'dailySleepTemperatureDerivations'
            return { ...row, [key]: { ...row[key], baselineTemperatureCelsius: 0 } }
          }),
      },
    ],
  },
  {
    fact: 'somebody who was connected to Fitbit itself is known again by the id they had there',
    async holds({ provider, http, account }) {
      const learned = await provider.account?.(http)
      expect(learned?.formerAccounts).toEqual([expect.stringMatching(/^[0-9A-F]{6}$/)])
      expect(learned?.account).toBe(account)
    },
    mistakes: [
      {
        mistake: 'the former id is thrown away',
        spoil: (provider) => ({
          ...provider,
          account: async (http, token) => {
            const { account = '', profile = {} } = (await provider.account?.(http, token)) ?? {}
            return { account, profile }
          },
        }),
      },
    ],
  },
  {
    fact: 'a page may be empty and yet not the last',
    recordings: [sample('heart_rate', 61)],
    traits: ['empty_page'],
    async holds(connection) {
      expect(await values(connection, 'heart_rate', 'heart_rate')).toEqual([61])
    },
    mistakes: [
      {
        mistake: 'an empty page is taken for the end',
        spoil: (provider) =>
          reask(provider, 'heart_rate', {
            body: (body) => {
              const { dataPoints } = body as { dataPoints?: unknown[] }
              return dataPoints?.length ? body : {}
            },
          }),
      },
    ],
  },
]
