import { findProvider, providers } from '@tributary/providers'
import { digestOf } from '@tributary/providers/kit'
import { expect, test } from 'vitest'
import { must } from '../platform/must.ts'
import { brandPosts, forgeriesOf, keysOf, requestOf } from './test-brand-posts.ts'

/** 500 of each brand here; `npm run prove` asks for 5,000. */
const rounds = process.env['DEEP'] ? 5_000 : 500
const at = Date.UTC(2026, 10, 12, 8)
const brands = Object.keys(brandPosts)

/** The same numbers in every run. */
function picker(seed: string) {
  let n = 0
  return (below: number) => Number.parseInt(digestOf(`${seed} ${n++}`).slice(0, 8), 16) % Math.max(1, below)
}

test('every brand that posts is tried', () => {
  const posting = providers.filter(({ webhook }) => webhook).map(({ id }) => id)
  expect(brands.sort()).toEqual(posting.sort())
})

test.each(brands)(
  `of ${rounds} forged, altered and stale posts of %s none is believed, and a genuine one is`,
  (brand) => {
    const webhook = must(findProvider(brand)?.webhook, 'it posts')
    const keys = keysOf(brand)
    const pick = picker(brand)
    const believed: unknown[] = []
    for (let tried = 0; tried < rounds; ) {
      for (const { kind, ...post } of forgeriesOf(brand, 4_711, at, pick)) {
        tried++
        if (webhook.verify(requestOf(post, at), keys).kind !== 'refused') believed.push([kind, post])
      }
    }
    expect(believed).toEqual([])
    const signs = brandPosts[brand]?.proof !== undefined
    const genuine = must(brandPosts[brand], 'it is known').post(4_711, 1, at)
    expect(webhook.verify(requestOf(genuine, at), keys).kind).toBe(signs ? 'proven' : 'hint')
    expect(webhook.read(requestOf(genuine, at))).toMatchObject([{ account: '4711' }])
  },
)

test('an event of Strava’s without a signature is a hint at most, and refused where the operator says so', () => {
  const strava = must(findProvider('strava')?.webhook, 'it posts')
  const { headers, body } = must(brandPosts['strava'], 'it is known').post(4_711, 1, at)
  const unsigned = requestOf({ headers: { 'content-type': headers['content-type'] ?? '' }, body }, at)
  const keys = keysOf('strava')
  const app = must(keys.app, 'there is one')
  const strict = { ...keys, app: { ...app, extra: { webhook_signature: 'require' } } }
  expect([strava.verify(unsigned, keys).kind, strava.verify(unsigned, strict).kind]).toEqual(['hint', 'refused'])
})
