import { expect, test } from 'vitest'
import type { Quarantined } from '../../api/types.ts'
import { fromWords, isOfKind, kindsOf } from './kinds-of.ts'

const record = (more: Partial<Quarantined>): Quarantined => ({
  ...{ record_id: 'a', import_id: null, file_name: null, format: 'garmin', place: 0, code: 'time_in_future' },
  ...{ detail: 'The time lies in the future', raw: '{}', created_at: '2026-10-14T07:40:00Z' },
  ...{ connection_id: 'c', feed: 'activities' },
  ...more,
})

test('records of one reason, one connection and one list are a kind; what stands alone is none', () => {
  const odd = [record({ feed: 'dailies' }), record({ code: 'out_of_range' }), record({ connection_id: 'd' })]
  const items = [record({ detail: 'the newest' }), ...odd, record({ record_id: 'b' })]
  const [kind, ...others] = kindsOf(items)
  expect(kind).toMatchObject({ detail: 'the newest', shown: 2, feed: 'activities' })
  expect(others).toEqual([])
  expect(items.filter((one) => kind && isOfKind(one, kind))).toHaveLength(2)
})

test('a kind is told by its file, or by the provider and its list', () => {
  expect(fromWords(record({}))).toBe('Garmin · activities')
  expect(fromWords(record({ file_name: 'waage.csv', format: 'csv', feed: null }))).toBe('waage.csv · Table')
})
