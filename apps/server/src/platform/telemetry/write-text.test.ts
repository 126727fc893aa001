import { expect, test } from 'vitest'
import { createAnswers } from './answers.ts'
import { writeText } from './write-text.ts'

test('each figure says what it is, and a label cannot end the line that it stands in', () => {
  const text = writeText([
    { name: 'notices_waiting', type: 'gauge', help: 'Posted', samples: [{ labels: { of: 'a"b\\c\nd' }, value: 2 }] },
    { name: 'database_up', type: 'gauge', help: 'Whether it answers', samples: [{ value: 1 }] },
  ])
  expect(text).toBe(
    [
      '# HELP tributary_notices_waiting Posted',
      '# TYPE tributary_notices_waiting gauge',
      'tributary_notices_waiting{of="a\\"b\\\\c\\nd"} 2',
      '# HELP tributary_database_up Whether it answers',
      '# TYPE tributary_database_up gauge',
      'tributary_database_up 1',
      '',
    ].join('\n'),
  )
})

test('what took longer counts in every longer bucket, and what took longest only in the last', () => {
  const answers = createAnswers()
  for (const ms of [5, 6, 30_000]) answers.add('getMe', 200, ms)
  const found = answers.durations().map(({ suffix, labels, value }) => [suffix, labels?.['le'], value])
  expect(found).toEqual([
    ['_bucket', '0.005', 1],
    ['_bucket', '0.025', 2],
    ['_bucket', '0.1', 2],
    ['_bucket', '0.5', 2],
    ['_bucket', '2.5', 2],
    ['_bucket', '10', 2],
    ['_bucket', '+Inf', 3],
    ['_sum', undefined, 30.011],
    ['_count', undefined, 3],
  ])
  expect(writeText([{ name: 'd', type: 'histogram', help: 'd', samples: answers.durations() }])).toContain(
    'tributary_d_bucket{operation="getMe",le="+Inf"} 3',
  )
})
