import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { turnedClock } from '../../../test/turned-clock.ts'
import { createRateLimit } from './rate-limit.ts'

const from = (ip: string, actor?: string) =>
  ({ ip, ...(actor ? { caller: { actor } } : {}) }) as unknown as FastifyRequest

function recordingReply() {
  const headers: Record<string, string> = {}
  const reply = { header: (name: string, value: string) => (headers[name] = value) } as unknown as FastifyReply
  return { reply, headers }
}

test('a caller has its requests a second, and gets them back as time goes on', () => {
  const clock = turnedClock(0)
  const limit = createRateLimit(10, clock)
  const { reply, headers } = recordingReply()
  const take = () => limit.take(from('10.0.0.1', 'person:a'), reply)
  for (let i = 0; i < 10; i++) take()
  expect(headers).toEqual({ 'ratelimit-policy': '"caller";q=10;w=1', ratelimit: '"caller";r=0;t=1' })
  expect(take).toThrow(expect.objectContaining({ code: 'too_many_requests', retryAfterSeconds: 1 }))
  clock.turn(100)
  take()
  expect(take).toThrow()
  clock.turn(60_000)
  for (let i = 0; i < 10; i++) take()
  expect(take).toThrow()
})

test('callers do not spend what is not theirs, even behind one address', () => {
  const limit = createRateLimit(1, turnedClock(0))
  const { reply } = recordingReply()
  limit.take(from('10.0.0.1', 'person:a'), reply)
  limit.take(from('10.0.0.1', 'person:b'), reply)
  limit.take(from('10.0.0.1'), reply)
  expect(() => limit.take(from('10.0.0.1'), reply)).toThrow()
})

test('refused tokens count against their address, whose next unknown token is not looked up', () => {
  const limit = createRateLimit(2, turnedClock(0))
  const request = from('10.0.0.1')
  limit.charge(request)
  expect(() => limit.assertRoom(request)).not.toThrow()
  limit.charge(request)
  limit.take(request, recordingReply().reply)
  expect(() => limit.assertRoom(request)).toThrow(expect.objectContaining({ code: 'too_many_requests' }))
})

test('a hundred thousand addresses do not fill the memory', () => {
  const limit = createRateLimit(10, turnedClock(0))
  const { reply } = recordingReply()
  for (let i = 0; i < 100_000; i++) limit.take(from(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`), reply)
  expect(limit.size()).toBeLessThanOrEqual(50_000)
})
