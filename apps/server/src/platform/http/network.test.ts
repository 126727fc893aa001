import { expect, test } from 'vitest'
import { networkOf } from './network.ts'

test('a subscriber’s whole IPv6 network counts as one address', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'))
  expect(networkOf('2001:db8:1:2::9')).not.toBe(networkOf('2001:db8:1:3::9'))
  expect(networkOf('::1')).toBe('0:0:0:0')
  expect(networkOf('2001:db8::')).toBe('2001:db8:0:0')
  expect(networkOf('2001:DB8:0001:2:3::')).toBe('2001:db8:1:2')
})

test('an IPv4 address is itself, also as IPv6 writes it', () => {
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
})

test('a connection that has just ended counts as one address of its own', () => {
  expect(networkOf(undefined)).toBe('gone')
})
