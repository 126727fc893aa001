/** One secret in each place where somebody may hand us one, and each that we hand out. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { addLogin } from '../src/commands/views/logins.ts'
import { rolePassword } from '../src/platform/db/roles.ts'
import { type CallOptions, cookiesOf, type SignedInPerson, type TestServer } from './kit.ts'

export interface Planting {
  server: TestServer
  operator: SignedInPerson
  person: SignedInPerson
  call<T>(method: string, path: string, options?: CallOptions): Promise<{ status: number; headers: Headers; body: T }>
}

/** Of each secret, what it is. */
export type Planted = Map<string, string>

export async function plantSecrets(planting: Planting): Promise<Planted> {
  const planted: Planted = new Map()
  const plant = (what: string) => {
    const secret = `canary-${what.replaceAll(' ', '-')}-${randomBytes(9).toString('base64url')}`
    planted.set(secret, what)
    return secret
  }
  await sendWrong(planting, plant)
  await enter(planting, plant)
  const keep = (secret: string | undefined, what: string) => {
    expect([what, secret]).toEqual([what, expect.stringMatching(/^.{12,}$/)])
    planted.set(secret as string, what)
  }
  await receive(planting, keep)
  await installed(planting, keep)
  return planted
}

type Plant = (what: string) => string
type Keep = (secret: string | undefined, what: string) => void

/** What is refused must not be repeated either. */
async function sendWrong({ call, person }: Planting, plant: Plant): Promise<void> {
  await call('POST', '/api/v1/auth/login', { body: { email: person.email, password: plant('wrong password') } })
  await call('POST', '/api/v1/auth/register', {
    body: { email: 'nobody@example.org', password: plant('password of nobody'), invite: plant('invite of nobody') },
  })
  await call('POST', '/api/v1/me/password', {
    body: { current_password: plant('old password'), new_password: plant('new password') },
  })
  await call('GET', '/api/v1/me', { token: plant('bearer') })
  await call('GET', '/api/v1/me', { headers: { authorization: `Basic ${plant('basic')}` } })
  await call('GET', '/api/v1/me', { token: `trb_${plant('api key of nobody')}` })
  await call('GET', '/api/v1/me', { headers: { cookie: `tributary=${plant('cookie')}` } })
  await call('PATCH', '/api/v1/me', { body: `{"display_name": "${plant('broken json')}` })
  await call('PATCH', '/api/v1/me', {
    body: { units: plant('value of a field'), birth_on: plant('value of another field') },
  })
  await call('GET', `/api/v1/setup?token=${plant('set-up token')}`)
  await call('GET', `/api/v1/devices?access_token=${plant('access token in a query')}`)
  await call('GET', `/api/v1/devices?limit=${plant('value in a query')}`)
  await call('GET', `/nowhere/${plant('path of nothing')}`)
  await call('POST', '/api/v1/auth/refresh', { body: { refresh_token: plant('refresh token of nobody') } })
  for (const brand of ['strava', 'withings', 'polar', 'garmin', 'fitbit']) {
    const query = new URLSearchParams({ code: plant(`${brand} code`), state: plant(`${brand} state`) })
    await call('GET', `/api/v1/integrations/${brand}/callback?${query}`)
    await call('POST', `/hooks/${brand}/${plant(`${brand} hook`)}`, {
      body: { token: plant(`${brand} body of a hook`) },
      headers: { 'x-hub-signature': plant(`${brand} signature`) },
    })
  }
}

/** What is taken, sealed and used. */
async function enter({ call, operator: { token } }: Planting, plant: Plant): Promise<void> {
  await call('POST', '/api/v1/integrations/intervals/auth', {
    body: { credentials: { api_key: plant('brand api key') } },
  })
  const apps: [string, object][] = [
    ['suunto', { extra: { subscription_key: plant('suunto subscription key') } }],
    ['intervals', { client_id: 'ours', client_secret: plant('intervals client secret') }],
  ]
  for (const [brand, body] of apps) await call('PUT', `/api/v1/provider-apps/${brand}`, { token, body })
  const custom = await call('POST', '/api/v1/custom-apis', {
    body: {
      definition: {
        name: 'Garage scale',
        base_url: 'https://scale.example.com/v1',
        auth: { kind: 'header', header: 'X-Api-Key' },
        feeds: [
          {
            id: 'weights',
            title: 'Weights',
            path: '/weights',
            records: '$[*]',
            map: [{ metric: 'body_mass', value: '$.w', unit: 'kg', time: '$.at' }],
          },
        ],
      },
      credentials: { secret: plant('key of a custom api') },
    },
  })
  expect(custom.status).toBe(201)
}

/** What is shown once. */
async function receive({ call, server, operator, person }: Planting, keep: Keep): Promise<void> {
  const made = async (path: string, body: object, options: CallOptions = {}) => {
    const answer = await call<Record<string, string>>('POST', path, { body, ...options })
    expect([path, answer.status]).toEqual([path, 201])
    return answer.body
  }
  keep((await made('/api/v1/api-keys', { name: 'a', scopes: ['data:read'] }))['api_key'], 'api key')
  keep((await made('/api/v1/invites', {}, { token: operator.token }))['invite'], 'invite')
  keep((await made('/api/v1/connect-sessions', {}))['token'], 'connect session')
  const credentials = {
    access_token: `access-${randomBytes(12).toString('hex')}`,
    password: `password-${randomBytes(12).toString('hex')}`,
    // Where its maker is no brand, a device's credentials may be anything.
    totp_seed: `seed-${randomBytes(12).toString('hex')}`,
  }
  const device = await made(
    '/api/v1/devices',
    {
      device_type: 'thermometer',
      device_name: marker,
      integration_type: 'api',
      credentials,
      issue_token: true,
    },
    { headers: { 'idempotency-key': 'the first of its kind' } },
  )
  keep(device['device_token'], 'device token, made under an Idempotency-Key')
  for (const [name, secret] of Object.entries(credentials)) keep(secret, `device ${name}`)
  for (const [who, { email, password, token, refreshToken }] of Object.entries({ person, operator })) {
    keep(password, 'password')
    keep(token, `${who} access token`)
    keep(refreshToken, `${who} refresh token`)
    const { headers } = await server.call('POST', '/api/v1/auth/login', {
      body: { email, password, session: 'cookie' },
    })
    for (const cookie of cookiesOf(headers).split('; '))
      keep(cookie.slice(cookie.indexOf('=') + 1), `${who} ${cookie.split('=')[0]} cookie`)
  }
  const renewed = await call<Record<string, string>>('POST', '/api/v1/auth/refresh', {
    body: { refresh_token: person.refreshToken },
  })
  keep(renewed.body['access_token'], 'renewed access token')
  keep(renewed.body['refresh_token'], 'renewed refresh token')
  keep(
    (await addLogin({ admin: server.database.admin, db: server.parts.db }, person.email)).password,
    'password of a view login',
  )
}

/** The installation's own, for which DATA_DIR/secrets is the place. */
async function installed({ server }: Planting, keep: Keep): Promise<void> {
  const { encryptionKey, jwtKey, databaseRoles } = server.parts.secrets
  keep(encryptionKey, 'encryption key')
  keep(jwtKey, 'key of access tokens')
  keep(databaseRoles, 'secret of the database roles')
  for (const role of ['trb_app', 'trb_writer', 'trb_audit'] as const)
    keep(rolePassword(databaseRoles, role), `password of ${role}`)
  keep((await readFile(join(server.dataDir, 'secrets', 'postgres'), 'utf8')).trim(), 'password of the superuser')
  keep(/token=(\S+)/.exec(server.setupLink ?? '')?.[1], 'set-up link')
}

/** Stands where it may: what finds it has looked. */
export const marker = 'thermometer-of-the-hall'
