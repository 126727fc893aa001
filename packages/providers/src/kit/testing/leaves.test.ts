import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineFeed, type Feed } from '../feed.ts'
import { judgeLeaves } from './leaves.ts'

const context = { account: 'a', now: 0, timeZone: 'UTC' }
const number = z.number().nullish()

/** Of each day the figure on foot, else the one on a bicycle; of a list of readings those above nothing. A day that is `off` is passed over. */
const feedWith = (more: Partial<Feed>): Feed => ({
  ...defineFeed({
    title: { en: '', de: '', fr: '' },
    brings: ['vo2max'],
    windowDays: 1,
    lookBackDays: 0,
    raw: z.object({
      date: z.string(),
      foot: number,
      bike: number,
      state: z.string().nullish(),
      rows: z.array(z.object({ v: z.number(), isSaid: z.boolean() })).nullish(),
    }),
    *read({ date, foot, bike, state, rows }) {
      if (state === 'off') return
      yield { kind: 'day', metric: 'vo2max', date, value: foot ?? bike ?? 0 }
      for (const { v, isSaid } of rows ?? []) if (isSaid) yield { kind: 'sample', metric: 'heart_rate', t: 0, value: v }
    },
    unused: {},
  }),
  ...more,
})
const judge = (records: readonly object[], more: Partial<Feed> = {}) => judgeLeaves(feedWith(more), records, context)
const both = { date: '2026-11-12', foot: 51, bike: 48 }
const one = { date: '2026-11-13', bike: 48 }

describe('what a fixture has is read', () => {
  test('a field that counts in one record and is dropped in another is named with the one that drops it', () => {
    expect(judge([one, both])).toEqual({ unmapped: ['bike (record 2)'], listedButMapped: [] })
  })

  test('unless it is said to count sometimes; which is no excuse for one that never counts, or always does', () => {
    const sometimes = { bike: 'where there is none on foot' }
    expect(judge([one, both], { sometimes })).toEqual({ unmapped: [], listedButMapped: [] })
    expect(judge([both], { sometimes })).toEqual({ unmapped: ['bike'], listedButMapped: [] })
    expect(judge([one], { sometimes })).toEqual({ unmapped: [], listedButMapped: ['bike'] })
  })

  test('a row that is dropped beside one that counts is seen', () => {
    const rows = [
      { v: 60, isSaid: true },
      { v: 61, isSaid: false },
    ]
    expect(judge([{ ...one, rows }]).unmapped).toEqual(['rows.*.v (record 1)'])
  })

  test('of a word only another word of the fixture makes a difference, and a record that tells nothing lacks nothing', () => {
    const off = { ...one, state: 'off' }
    expect(judge([{ ...one, state: 'on' }, off])).toEqual({ unmapped: [], listedButMapped: [] })
    expect(judge([{ ...one, state: 'on' }]).unmapped).toEqual(['state'])
  })
})
