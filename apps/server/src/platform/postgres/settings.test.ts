import { expect, test } from 'vitest'
import { renderSettings, settingsFor } from './settings.ts'

const endpoint = { host: '/data/run', port: 5432 }
const GiB = 2 ** 30

test('the database takes a quarter of a small machine and a fixed share of a large one', () => {
  expect(settingsFor(endpoint, GiB)['shared_buffers']).toBe('256MB')
  expect(settingsFor(endpoint, 64 * GiB)['shared_buffers']).toBe('512MB')
})

test('what is acknowledged is on the disk', () => {
  expect(settingsFor(endpoint)).toMatchObject({ fsync: 'on', synchronous_commit: 'on' })
})

test('a path may hold quotes and commas', () => {
  const { unix_socket_directories = '' } = settingsFor({ host: `/it's "my", data/run`, port: 5432 })
  expect(renderSettings({ unix_socket_directories })).toContain(`unix_socket_directories = '"/it''s ""my"", data/run"'`)
})
