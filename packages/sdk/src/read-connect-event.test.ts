import { expect, test } from 'vitest'
import { readConnectEvent } from './read-connect-event.ts'

const url = 'https://hub.example/connect?session=01900000-0000-7000-8000-000000000000#trx_token'
const closed = { source: 'tributary', type: 'closed' }
const connected = {
  source: 'tributary',
  type: 'connected',
  provider: 'polar',
  connection_id: '01900000-0000-7000-8000-000000000001',
}

test('what the connect page says is read, and nothing that anybody else says', () => {
  const read = (data: unknown, origin = 'https://hub.example') => readConnectEvent({ origin, data }, url)
  expect([read(connected), read(closed)]).toEqual([connected, closed])
  expect(read(closed, 'https://hub.example.evil.example')).toBeUndefined()
  for (const other of [undefined, 'closed', { type: 'closed' }, { ...connected, connection_id: 'any' }])
    expect(read(other)).toBeUndefined()
})
