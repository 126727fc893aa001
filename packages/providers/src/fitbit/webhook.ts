import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { z } from 'zod'
import { jsonIn, jsonOf } from '../kit/hook-body.ts'
import { isSameSecret, noticeId } from '../kit/proof.ts'
import { membersOf } from '../kit/token-answer.ts'
import type { HookRequest, Notice, Webhook } from '../kit/webhook.ts'
import { feedOfType } from './feed-of-type.ts'
import { subscribe } from './subscriber.ts'

/** What the subscriber is made with, so that Google sends it in `Authorization`. */
const bearer = (secret: string): string => `Bearer ${secret}`

export const webhook: Webhook = {
  setUp: {
    en: 'Enter your Google Cloud project’s number and a service account’s key here, and this is done for you. By hand: create a subscriber in your Google Cloud project (projects/<number>/subscribers of the Health API) with this address, the data types you want and the policy AUTOMATIC. Its endpointAuthorization.secret must be “Bearer ” and the last part of this address.',
    de: 'Trage hier die Nummer deines Google-Cloud-Projekts und den Schlüssel eines Dienstkontos ein, dann geschieht es von selbst. Von Hand: Lege in deinem Google-Cloud-Projekt einen Subscriber an (projects/<Nummer>/subscribers der Health API) mit dieser Adresse, den gewünschten Datenarten und der Policy AUTOMATIC. Als endpointAuthorization.secret trage „Bearer “ und den letzten Teil dieser Adresse ein.',
    fr: 'Saisissez ici le numéro de votre projet Google Cloud et la clé d’un compte de service, et cela se fait tout seul. À la main : créez un « subscriber » dans votre projet Google Cloud (projects/<numéro>/subscribers de l’API Health) avec cette adresse, les types de données voulus et la politique AUTOMATIC. Son endpointAuthorization.secret doit être « Bearer » suivi de la dernière partie de cette adresse.',
  },
  /** Google tries twice: with the secret it wants 201, without it 401. Both must be so. */
  handshake(request, { secret }) {
    if (membersOf(jsonIn(request))['type'] !== 'verification') return undefined
    return { status: isSameSecret(request.headers['authorization'], bearer(secret)) ? 201 : 401 }
  },
  publicKeys: {
    url: 'https://www.gstatic.com/googlehealthapi/webhooks/webhooks_public_keyset.json',
    hours: 24,
    knows: (list, request) => {
      const signature = signatureOf(request)
      return !signature || keyOf(list, signature.keyId) !== undefined
    },
  },
  /**
   * The secret proves that Google knows us, the signature that Google wrote this. Where the public keys could not be had, the secret
   * alone is a hint, which is enough: a notice has no values in it and only makes us ask.
   */
  verify(request, { secret, publicKeys }) {
    if (!isSameSecret(request.headers['authorization'], bearer(secret)))
      return { kind: 'refused', reason: 'authorization is not the secret of the subscriber' }
    const signature = signatureOf(request)
    if (!signature) return { kind: 'hint' }
    const key = keyOf(publicKeys, signature.keyId)
    if (!key) return { kind: 'hint' }
    const good = verifySignature('sha256', request.body, { key, dsaEncoding: 'der' }, signature.der)
    return good ? { kind: 'proven' } : { kind: 'refused', reason: 'the signature is not of this body' }
  },
  read: (request) => {
    const body = jsonOf(request, 'Google Health')
    return (Array.isArray(body) ? body : [body]).flatMap((item) => noticesOf(item, request.at))
  },
  answer: { status: 204 },
  subscribe,
}

const notice = z.object({
  data: z.object({
    healthUserId: z.union([z.string(), z.number()]),
    operation: z.string().nullish(),
    dataType: z.string(),
    intervals: z
      .array(z.object({ physicalTimeInterval: z.object({ startTime: z.string(), endTime: z.string() }).nullish() }))
      .nullish(),
  }),
})

/** Inserted, changed or deleted: what there is now is read again. A type that we do not read is no notice of ours. */
function noticesOf(item: unknown, at: number): Notice[] {
  const parsed = notice.safeParse(item)
  if (!parsed.success) return []
  const { healthUserId, dataType, intervals } = parsed.data.data
  const feed = feedOfType.get(dataType)
  if (!feed) return []
  const same = {
    id: `${feed}:${noticeId({ body: JSON.stringify(item), at })}`,
    account: String(healthUserId),
    kind: 'changed',
    feed,
  } as const
  const windows = (intervals ?? []).flatMap(({ physicalTimeInterval: at }) => {
    const [from, to] = [Date.parse(at?.startTime ?? ''), Date.parse(at?.endTime ?? '')]
    return from <= to ? [{ from, to: to + 1 }] : []
  })
  return windows.length
    ? windows.map((window, i) => ({ ...same, id: i ? `${same.id}:${i}` : same.id, window }))
    : [same]
}

interface Signature {
  keyId: number
  der: Uint8Array
}

/** Tink's form: a byte 1, the key's id in four bytes, then the signature in DER. */
function signatureOf({ headers }: HookRequest): Signature | undefined {
  const bytes = Buffer.from(headers['google-health-api-signature'] ?? '', 'base64')
  return bytes.length > 5 && bytes[0] === 1 ? { keyId: bytes.readUInt32BE(1), der: bytes.subarray(5) } : undefined
}

const keyset = z.object({
  key: z.array(z.object({ keyId: z.number(), status: z.string().nullish(), keyData: z.object({ value: z.string() }) })),
})

/** A key of Tink's keyset: an EcdsaPublicKey message, of which the two coordinates of the point are wanted. */
function keyOf(list: unknown, keyId: number) {
  const parsed = keyset.safeParse(list)
  const found = parsed.success
    ? parsed.data.key.find((key) => key.keyId === keyId && key.status !== 'DISABLED')
    : undefined
  if (!found) return undefined
  const { 3: x, 4: y } = bytesFields(Buffer.from(found.keyData.value, 'base64'))
  if (!x || !y) return undefined
  const coordinate = (bytes: Uint8Array) => Buffer.from(unsigned(bytes)).toString('base64url')
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) } })
}

/** Tink writes big integers with a leading zero where the first bit is set, and drops leading zeros otherwise: 32 bytes are wanted. */
function unsigned(bytes: Uint8Array): Uint8Array {
  const made = new Uint8Array(32)
  const last = bytes.subarray(Math.max(0, bytes.length - 32))
  made.set(last, 32 - last.length)
  return made
}

/** The length-delimited fields of a protocol buffer, by number; others are passed over. */
function bytesFields(message: Uint8Array): Record<number, Uint8Array> {
  const fields: Record<number, Uint8Array> = {}
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; at < message.length && shift < 35; shift += 7) {
      const byte = message[at++] as number
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  while (at < message.length) {
    const tag = varint()
    if ((tag & 7) === 2) {
      const length = varint()
      fields[tag >> 3] = message.subarray(at, at + length)
      at += length
    } else if ((tag & 7) === 0) varint()
    else break // a kind that this message does not have
  }
  return fields
}
