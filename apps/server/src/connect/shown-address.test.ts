import { expect, test } from 'vitest'
import { shownAddress } from './shown-address.ts'

test('an address is shown as it was asked, without what may be secret in it', () => {
  const shown = (url: string) => shownAddress(new URL(url), { user: 'ada@example.org', secret: 's3cret/ü' })
  expect(shown('https://scale.example/v1/weights?from=2026-03-01&page=2')).toBe(
    'https://scale.example/v1/weights?from=2026-03-01&page=2',
  )
  expect(shown('https://scale.example/?api_key=abc&access_token=x&limit=5')).toBe(
    'https://scale.example/?api_key=***&access_token=***&limit=5',
  )
  expect(shown('https://scale.example/u/ada%40example.org?q=s3cret%2F%C3%BC')).toBe('https://scale.example/u/***?q=***')
  expect(shown('https://scale.example/%zz')).toBe('https://scale.example/%zz')
})
