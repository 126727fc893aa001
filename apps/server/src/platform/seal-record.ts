/**
 * One sealed value: `v1.<key id>.<iv>.<ciphertext>.<tag>`, AES-256-GCM. The version and the key's id stand in front, so that
 * keys and ciphers can change while old values stay readable. The place it belongs to is authenticated: moved to another row, it does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const version = 'v1'
const ivBytes = 12 // NIST SP 800-38D; random, far below 2^32 values a key

export class SealError extends Error {
  override name = 'SealError'
}

export function sealRecord(key: Buffer, keyId: string, place: string, plaintext: string | Buffer): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(`${version}\n${keyId}\n${place}`))
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return [version, keyId, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.')
}

export function openRecord(key: Buffer, place: string, record: string): Buffer {
  const [given, keyId, ...parts] = record.split('.')
  const [iv, sealed, tag] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (given !== version || !iv || !sealed || tag?.length !== 16)
    throw new SealError('a sealed value has an unknown form')
  try {
    const opener = createDecipheriv('aes-256-gcm', key, iv)
    opener.setAAD(Buffer.from(`${version}\n${keyId}\n${place}`)).setAuthTag(tag)
    return Buffer.concat([opener.update(sealed), opener.final()])
  } catch (cause) {
    throw new SealError('a sealed value does not open: another key, another place, or altered', { cause })
  }
}

/** Which key a record asks for. */
export function keyIdOf(record: string): string {
  return record.split('.')[1] ?? ''
}
