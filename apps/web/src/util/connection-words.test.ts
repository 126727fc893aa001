import { expect, test } from 'vitest'
import type { Connection } from '../api/types.ts'
import { accountName, bringsWords, connectionState, historyWords } from './connection-words.ts'
import { providerWords } from './provider-words.ts'

const connection = {
  status: 'active',
  is_active: true,
  error_code: null,
  last_sync: '2026-01-01T00:00:00Z',
} as Connection
const stateOf = (more: Partial<Connection>) => connectionState({ ...connection, ...more }).word

test('a connection is said to work only after a sync that worked', () => {
  expect([stateOf({}), stateOf({ last_sync: null }), stateOf({ error_code: 'unavailable' })]).toEqual([
    'Connected',
    'First sync',
    'Last sync failed',
  ])
  expect([stateOf({ status: 'needs_reauth' }), stateOf({ is_active: false }), stateOf({ status: 'ended' })]).toEqual([
    'Sign in again',
    'Paused',
    'Disconnected',
  ])
})

test('an account is called by the name its provider told, else by its id', () => {
  expect(accountName({ provider_profile: { firstname: 'Mira', lastname: 'Lind' }, provider_account: '7' })).toBe(
    'Mira Lind',
  )
  expect(accountName({ provider_profile: { email: 'm@example.org' }, provider_account: '7' })).toBe('m@example.org')
  expect(accountName({ provider_profile: {}, provider_account: '7' })).toBe('7')
})

test('what is brought is a sentence, and what is too long for one is counted', () => {
  expect(bringsWords(['heart_rate'])).toBe('Heart rate')
  expect(bringsWords(['heart_rate', 'steps'])).toBe('Heart rate and steps')
  const four = ['heart_rate', 'steps', 'body_mass', 'spo2']
  expect(bringsWords(four, 2)).toBe('Heart rate, steps and 2 more')
  expect(bringsWords(four, 2, providerWords.de)).toBe('Puls, Schritte und 2 weitere')
  expect(bringsWords(four, 4, providerWords.fr)).toBe('Fréquence cardiaque, pas, poids et oxygène sanguin')
})

test.each([
  [null, undefined],
  [0, 'as it stands there now'],
  [1, 'the last day'],
  [7, 'the last 7 days'],
  [30, undefined],
  [365, undefined],
])('of a list that goes back %s days is said: %s', (days, words) => expect(historyWords(days)).toBe(words))
