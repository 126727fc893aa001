/** What each brand posts, proved as its page says, for tests: genuine ones, and what somebody makes of them who knows all but the secret. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { type AppKeys, type HookKeys, type HookRequest, hmac } from '@tributary/providers/kit'

export const pathSecretOf = (brand: string) => `the-last-part-of-the-path-of-${brand}`

export const brandApp: AppKeys = {
  clientId: 'us',
  clientSecret: 'shared-with-the-cloud',
  extra: { webhook_token: 'token-of-ours', notification_secret: 'notified-with-this' },
}

const polarKey = 'shown-once-when-it-was-made'
const google = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const googleKeyId = 77

/** As Google publishes it: a keyset of Tink's. */
const keyset = () => {
  const { x = '', y = '' } = google.publicKey.export({ format: 'jwk' })
  const field = (number: number, value: string) => {
    const bytes = Buffer.from(value, 'base64url')
    return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
  }
  const value = Buffer.concat([field(3, x), field(4, y)]).toString('base64')
  return { key: [{ keyId: googleKeyId, status: 'ENABLED', keyData: { value } }] }
}
export const googleKeys = keyset()

export const keptOf = (brand: string): Record<string, string> =>
  brand === 'polar' ? { signature_secret_key: polarKey } : {}

export const keysOf = (brand: string): HookKeys => ({
  app: brandApp,
  secret: pathSecretOf(brand),
  kept: keptOf(brand),
  ...(brand === 'fitbit' ? { publicKeys: googleKeys } : {}),
})

export interface Post {
  headers: Record<string, string>
  body: string
}

interface Brand {
  /** The nth of what it may tell of an account, whose id is a number. */
  post(account: number, n: number, at: number): Post
  /** The headers that prove it. Absent where a part of the body does, or nothing but the path. */
  proof?: string[]
  /** The body is signed: not a byte of it can be another. */
  signs?: true
  /** ms after which it is not believed, by what is signed; later ones are told apart by what they say. */
  staleMs?: number
}

const json = { 'content-type': 'application/json' }
const iso = (at: number) => new Date(at).toISOString()
const signedJson = (body: object, headers: (text: string) => Record<string, string>): Post => {
  const text = JSON.stringify(body)
  return { headers: { ...json, ...headers(text) }, body: text }
}

export const brandPosts: Readonly<Record<string, Brand>> = {
  strava: {
    proof: ['x-strava-signature'],
    signs: true,
    staleMs: 300_000,
    post: (owner_id, n, at) => {
      const t = Math.floor(at / 1_000)
      const event = { object_type: 'activity', object_id: n, aspect_type: 'create', owner_id, subscription_id: 1 }
      return signedJson({ ...event, event_time: t }, (text) => ({
        'x-strava-signature': `t=${t},v1=${hmac('sha256', brandApp.clientSecret, `${t}.${text}`)}`,
      }))
    },
  },
  garmin: {
    proof: ['garmin-client-id'],
    post: (account, n) =>
      signedJson({ bodyComps: [{ userId: String(account), summaryId: `s-${n}` }] }, () => ({
        'garmin-client-id': brandApp.clientId,
      })),
  },
  fitbit: {
    proof: ['google-health-api-signature'],
    signs: true,
    post: (account, n) =>
      signedJson({ data: { healthUserId: account, operation: `UPSERT-${n}`, dataType: 'weight' } }, (text) => ({
        authorization: `Bearer ${pathSecretOf('fitbit')}`,
        'google-health-api-signature': googleSignature(text),
      })),
  },
  polar: {
    proof: ['polar-webhook-signature'],
    signs: true,
    staleMs: 8 * 86_400_000,
    post: (user_id, n, at) =>
      signedJson({ event: 'EXERCISE', user_id, entity_id: `e-${n}`, timestamp: iso(at) }, (text) => ({
        'polar-webhook-signature': hmac('sha256', polarKey, text),
      })),
  },
  coros: {
    proof: ['client', 'secret'],
    post: (account, n) =>
      signedJson({ sportDataList: [{ openId: String(account), labelId: `l-${n}` }] }, () => ({
        client: brandApp.clientId,
        secret: brandApp.clientSecret,
      })),
  },
  wahoo: {
    post: (account, n) =>
      signedJson(
        {
          event_type: 'workout_summary',
          webhook_token: brandApp.extra['webhook_token'],
          user: { id: account },
          workout_summary: { id: n, workout: { id: n } },
        },
        () => ({}),
      ),
  },
  suunto: {
    proof: ['x-hmac-sha256-signature'],
    signs: true,
    post: (account, n) =>
      signedJson({ type: 'WORKOUT_CREATED', username: String(account), workout: { workoutKey: `w-${n}` } }, (text) => ({
        'x-hmac-sha256-signature': hmac('sha256', brandApp.extra['notification_secret'] ?? '', text),
      })),
  },
  oura: {
    proof: ['x-oura-signature'],
    signs: true,
    staleMs: 2 * 3_600_000,
    post: (account, n, at) => {
      const event = { event_type: 'create', data_type: 'sleep', object_id: `o-${n}`, event_time: iso(at) }
      return signedJson({ ...event, user_id: String(account) }, (text) => ({
        'x-oura-timestamp': String(at),
        'x-oura-signature': hmac('sha256', brandApp.clientSecret, `${at}${text}`).toUpperCase(),
      }))
    },
  },
  whoop: {
    proof: ['x-whoop-signature'],
    signs: true,
    staleMs: 300_000,
    post: (user_id, n, at) =>
      signedJson({ user_id, id: `w-${n}`, type: 'workout.updated', trace_id: `t-${n}` }, (text) => ({
        'x-whoop-signature-timestamp': String(at),
        'x-whoop-signature': hmac('sha256', brandApp.clientSecret, `${at}${text}`, 'base64'),
      })),
  },
  withings: {
    post: (account, n) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ userid: String(account), appli: '1', startdate: `${n}`, enddate: `${n}` }).toString(),
    }),
  },
}

function googleSignature(text: string): string {
  const head = Buffer.from([1, 0, 0, 0, googleKeyId])
  return Buffer.concat([head, createSign('sha256').update(text).sign(google.privateKey)]).toString('base64')
}

export interface Forgery extends Post {
  kind: 'forged' | 'altered' | 'stale' | 'unreadable'
}

/** `pick(n)`: any whole number below n. What is stale was genuine when it was posted. */
export function forgeriesOf(name: string, account: number, at: number, pick: (below: number) => number): Forgery[] {
  const brand = brandPosts[name]
  if (!brand) throw new Error(`nobody knows what ${name} posts`)
  const n = 1 + pick(1_000_000)
  const good = brand.post(account, n, at)
  const forged = (headers: Record<string, string>): Forgery => ({ ...good, kind: 'forged', headers })
  const list: Forgery[] = (brand.proof ?? []).map((header) => {
    const proof = good.headers[header] ?? ''
    // Not the last of base64, parts of which say nothing.
    const place = proof.length - 6 - pick(Math.min(20, proof.length - 6))
    return forged({ ...good.headers, [header]: swap(proof, place) })
  })
  if (brand.signs) {
    list.push({ ...good, kind: 'altered', body: swap(good.body, pick(good.body.length)) })
    list.push({ ...good, kind: 'altered', body: brand.post(account + 1, n, at).body })
  }
  if (brand.staleMs !== undefined) {
    const old = brand.staleMs + 2_000 + pick(brand.staleMs)
    list.push({ ...brand.post(account, n, at - old), kind: 'stale' })
    list.push({ ...brand.post(account, n, at + old), kind: 'stale' })
  }
  if (name === 'wahoo') list.push({ ...good, kind: 'forged', body: good.body.replace('of-ours', `of-${n}`) })
  if (name === 'withings') list.push({ ...good, kind: 'unreadable', body: `userid=x&appli=${n}` })
  return list
}

/** The text with another character in one place: a digit for a digit, so that it can still be read. */
function swap(text: string, at: number): string {
  const there = text[Math.max(0, at)] ?? ''
  const other = /\d/.test(there) ? String((Number(there) + 1) % 10) : there.toLowerCase() === 'a' ? 'b' : 'a'
  return text.slice(0, Math.max(0, at)) + other + text.slice(Math.max(0, at) + 1)
}

export const requestOf = ({ headers, body }: Post, at: number): HookRequest => ({
  method: 'POST',
  headers,
  query: new URLSearchParams(),
  body: new TextEncoder().encode(body),
  at,
})
