/** The secrets of an installation, sealed under a key that is shown once: 160 random bits in letters that can be read out. */
import { hkdfSync, randomBytes } from 'node:crypto'
import { openRecord, SealError, sealRecord } from '../../platform/seal-record.ts'
import { BackupError } from './frames.ts'

/** Crockford's base 32: no I, L, O, U. */
const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 8

export interface BackedSecrets {
  encryptionKey: string
  jwtKey: string
}

export function makeRecoveryKey(): string {
  const letters = [...randomBytes(groups * 4)].map((byte) => signs[byte % 32]).join('')
  return (letters.match(/.{4}/g) ?? []).join('-')
}

export function sealSecrets(recoveryKey: string, secrets: BackedSecrets): string {
  return sealRecord(keyOf(recoveryKey), 'recovery', place, JSON.stringify(secrets))
}

export function openSecrets(recoveryKey: string, sealed: string): BackedSecrets {
  try {
    return JSON.parse(openRecord(keyOf(recoveryKey), place, sealed).toString('utf8')) as BackedSecrets
  } catch (error) {
    if (error instanceof SealError) throw new BackupError('this recovery key does not open the secrets of this backup')
    throw error
  }
}

const place = JSON.stringify(['backup', 'secrets'])

/** However it was typed: lower case, without dashes, with the letters that look like others. */
function keyOf(typed: string): Buffer {
  const plain = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  if (plain.length !== groups * 4) throw new BackupError(`a recovery key has ${groups} groups of 4 letters and digits`)
  return Buffer.from(hkdfSync('sha256', plain, '', 'tributary backup recovery key v1', 32))
}
