/** Subscribers of the whole project: a handshake with and without the secret, then notices that say which intervals to read again. */
import { createECDH, createPrivateKey, sign } from 'node:crypto'
import type { Account, Change } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import type { Ids } from '../kit/ids.ts'
import { type AppAsk, anyone, app, jsonOf, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { fault } from './fault.ts'
import { civil, rfc } from './times.ts'

interface Subscriber {
  name: string
  endpointUri: string
  dataTypes: readonly string[]
  secret: string
  state: 'ACTIVE' | 'UNVERIFIED'
}

const patience = 10_000

/** No schedule is confirmed: this one is ours. */
const retries = [60_000, 600_000, 3_600_000]

/** The types that there are notices of. */
const notifying = new Set(
  [
    'active-zone-minutes activity-level altitude blood-glucose body-fat calories-in-heart-rate-zone daily-heart-rate-variability',
    'daily-heart-rate-zones daily-oxygen-saturation daily-respiratory-rate daily-resting-heart-rate daily-sleep-temperature-derivations',
    'distance exercise floors heart-rate heart-rate-variability height hydration-log nutrition-log respiratory-rate-sleep-summary',
    'run-vo2-max sedentary-period sleep steps time-in-heart-rate-zone total-calories weight',
  ].flatMap((line) => line.split(' ')),
)

const subscribersOf = ({ notes }: App) => (notes.get('subscribers') ?? new Map()) as Map<string, Subscriber>

export const subscriberRoutes = (site: Site): Route[] => [
  app('POST', '/v4/projects/:number/subscribers', (ask) => create(site, ask)),
  app('GET', '/v4/projects/:number/subscribers', ({ app }) =>
    json({ subscribers: [...subscribersOf(app).values()].map(told) }),
  ),
  app('DELETE', '/v4/projects/:number/subscribers/:id', ({ app, params }) =>
    subscribersOf(app).delete(params['id'] ?? '')
      ? json({ name: 'operations/delete', done: true, response: {} })
      : fault(404, 'No such subscriber'),
  ),
  anyone('GET', '/googlehealthapi/webhooks/webhooks_public_keyset.json', () => json(keysetOf(site.ids))),
]

const told = ({ secret: _, dataTypes, ...subscriber }: Subscriber) => ({
  ...subscriber,
  subscriberConfigs: [{ dataTypes, subscriptionCreatePolicy: 'AUTOMATIC' }],
})

async function create(site: Site, ask: AppAsk): Promise<Response> {
  const { app, query, params } = ask
  const id = query.get('subscriberId') ?? site.ids.draw('subscriber', 12)
  const { endpointUri, subscriberConfigs, endpointAuthorization } = (jsonOf(ask) ?? {}) as {
    endpointUri?: string
    subscriberConfigs?: { dataTypes?: string[] }[]
    endpointAuthorization?: { secret?: string }
  }
  const secret = endpointAuthorization?.secret
  if (!endpointUri?.startsWith('https://') || !secret)
    return fault(400, 'endpointUri and endpointAuthorization.secret are required')
  const all = subscribersOf(app)
  if (all.has(id)) return fault(409, 'The subscriber exists')
  const isGood = await verify(site, endpointUri, secret)
  const dataTypes = subscriberConfigs?.flatMap((config) => config.dataTypes ?? []) ?? []
  const subscriber: Subscriber = {
    name: `projects/${params['number']}/subscribers/${id}`,
    endpointUri,
    dataTypes,
    secret,
    state: isGood ? 'ACTIVE' : 'UNVERIFIED',
  }
  app.notes.set('subscribers', all.set(id, subscriber))
  return json({ name: `operations/${site.ids.draw('operation', 16)}`, done: true, response: told(subscriber) })
}

/** With the secret it must be let in, without it kept out. */
async function verify({ courier }: Site, url: string, secret: string): Promise<boolean> {
  const ask = (headers: Record<string, string>) =>
    courier.ask(
      url,
      {
        method: 'POST',
        body: JSON.stringify({ type: 'verification' }),
        headers: { 'content-type': 'application/json', ...headers },
      },
      patience,
    )
  const [known, stranger] = [await ask({ authorization: secret }), await ask({})]
  return known?.status === 201 && (stranger?.status === 401 || stranger?.status === 403)
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const app of site.appsOf(account))
    for (const subscriber of subscribersOf(app).values())
      for (const { kind, record } of changes) {
        const { feed, at, end } = record
        if (subscriber.state !== 'ACTIVE' || !notifying.has(feed) || !subscriber.dataTypes.includes(feed)) continue
        const startDateTime = civil(at, account.measured.offsetAt(at))
        const body = JSON.stringify({
          data: {
            version: '1',
            clientProvidedSubscriptionName: '',
            healthUserId: account.id,
            operation: kind === 'delete' ? 'DELETE' : 'UPSERT',
            dataType: feed,
            intervals: [
              {
                physicalTimeInterval: { startTime: rfc(at), endTime: rfc(end) },
                civilDateTimeInterval: { startDateTime },
              },
            ],
          },
        })
        const make = () => ({
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            authorization: subscriber.secret,
            'google-health-api-signature': signatureOf(site.ids, body),
          },
        })
        await site.courier.deliver(subscriber.endpointUri, make, { patience, retries })
      }
}

function keyOf(ids: Ids) {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(ids.hex(64, 'webhook key'), 'hex')
  const [publicKey, d] = [ecdh.getPublicKey(), ecdh.getPrivateKey()]
  return { keyId: ids.integer(9, 'webhook key id'), x: publicKey.subarray(1, 33), y: publicKey.subarray(33), d }
}

/** Tink's form: 1, the key's id, the signature in DER. */
function signatureOf(ids: Ids, body: string): string {
  const { keyId, x, y, d } = keyOf(ids)
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: x.toString('base64url'),
    y: y.toString('base64url'),
    d: d.toString('base64url'),
  }
  const head = Buffer.from([1, 0, 0, 0, 0])
  head.writeUInt32BE(keyId, 1)
  const signature = sign('sha256', Buffer.from(body), {
    key: createPrivateKey({ key: jwk, format: 'jwk' }),
    dsaEncoding: 'der',
  })
  return Buffer.concat([head, signature]).toString('base64')
}

/** A key is a message of protobuf: its parameters (SHA-256, P-256, DER), then x and y. */
function keysetOf(ids: Ids) {
  const { keyId, x, y } = keyOf(ids)
  const value = Buffer.concat([Buffer.from([0x12, 6, 8, 3, 16, 2, 24, 2, 0x1a, 32]), x, Buffer.from([0x22, 32]), y])
  const keyData = {
    typeUrl: 'type.googleapis.com/google.crypto.tink.EcdsaPublicKey',
    value: value.toString('base64'),
    keyMaterialType: 'ASYMMETRIC_PUBLIC',
  }
  return { primaryKeyId: keyId, key: [{ keyData, status: 'ENABLED', keyId, outputPrefixType: 'TINK' }] }
}
