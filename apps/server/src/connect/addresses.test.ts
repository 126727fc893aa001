import { expect, test } from 'vitest'
import { isOtherIssuer, isPlaceToReturnTo, returnAddress } from './addresses.ts'

const ours = 'https://health.example.org'

test('people are led back to our app, or to the app whose connect session it is, and nowhere else', () => {
  for (const place of ['/', '/connections?x=1#y', `${ours}/a`])
    expect([place, isPlaceToReturnTo(place, ours)]).toEqual([place, true])
  expect(isPlaceToReturnTo('https://app.example.com/done', ours, ['https://app.example.com'])).toBe(true)
  for (const place of [
    ...[
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
      '/.//evil.example',
      '/x/..//evil.example',
      '/%2e//evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
    ],
    ...[
      'https://health.example.org.evil.example',
      'https://health.example.org@evil.example',
      'https://u:p@health.example.org/',
    ],
    ...[
      'http://health.example.org/',
      '/\t/evil.example',
      ' /x',
      'evil',
      '',
      'https://app.example.com:444/',
      '/\u2028x',
    ],
  ])
    expect([place, isPlaceToReturnTo(place, ours, ['https://app.example.com'])]).toEqual([place, false])
})

test('the way back tells what became of it and keeps what stood in it', () => {
  expect(returnAddress('/connections?a=1#b', ours, { connect: 'connected' })).toBe(
    '/connections?a=1&connect=connected#b',
  )
  expect(returnAddress('https://app.example.com/x', ours, { provider: 'oura' })).toBe(
    'https://app.example.com/x?provider=oura',
  )
})

test('an answer that says to come from another provider of ours is not taken', () => {
  const others = ['https://accounts.google.com/o', 'https://brand.example/auth']
  expect(isOtherIssuer('https://accounts.google.com', 'https://brand.example/auth', others)).toBe(true)
  for (const iss of [null, 'https://brand.example', 'https://id.brand.example/realm', 'nonsense'])
    expect(isOtherIssuer(iss, 'https://brand.example/auth', others)).toBe(false)
})
