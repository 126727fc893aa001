/** The last part of each provider's webhook path, and what undoes the subscription of the app: sealed with the installation's key. */
import { randomBytes } from 'node:crypto'
import type { Database, Read, Write } from '../db/database.ts'
import { type Resealed, resealOwn } from '../reseal-own.ts'
import type { Sealing } from '../sealing.ts'
import {
  findHookRow,
  type HookSecretRow,
  insertHookRows,
  listHookRows,
  lockClearHookRows,
  putSealedKept,
  resealHookRow,
  sealClearHookRow,
} from './hook-secrets.queries.ts'

export interface HookSecret {
  secret: string
  /** What undoes the subscription of the app; some of it proves what the provider sends. */
  kept: Record<string, string>
}

type OwnSealing = Pick<Sealing, 'sealOwn' | 'openOwn'>

const placeOf = (provider: string, column: 'sealed_secret' | 'sealed_kept') => ['hook_secrets', provider, column]

/** At start: every provider that can call us has an address, and none stands in the clear. */
export async function readyHookSecrets(
  db: Pick<Database, 'asWriter'>,
  sealing: OwnSealing,
  providers: readonly string[],
): Promise<void> {
  await db.asWriter(async (tx) => {
    for (const { provider, secret, kept } of await lockClearHookRows(tx))
      await sealClearHookRow(tx, {
        provider,
        sealed_secret: sealing.sealOwn(placeOf(provider, 'sealed_secret'), secret),
        sealed_kept: sealKept(sealing, provider, kept),
      })
    const made = providers.map((provider) => ({
      provider,
      sealed_secret: sealing.sealOwn(placeOf(provider, 'sealed_secret'), randomBytes(24).toString('base64url')),
    }))
    await insertHookRows(tx, made)
  })
}

export async function findHookSecret(
  sealing: OwnSealing,
  writer: Read,
  provider: string,
): Promise<HookSecret | undefined> {
  const row = await findHookRow(writer, provider)
  return row && opened(sealing, row)
}

export async function keepSubscription(
  sealing: OwnSealing,
  writer: Write,
  provider: string,
  kept: Record<string, string>,
): Promise<void> {
  await putSealedKept(writer, provider, sealKept(sealing, provider, kept))
}

/** Seals anew what a former ENCRYPTION_KEY sealed. */
export async function resealHookSecrets(db: Pick<Database, 'asWriter'>, sealing: Sealing): Promise<Resealed> {
  return resealOwn(sealing, {
    columns: ['sealed_secret', 'sealed_kept'],
    rows: await db.asWriter(listHookRows),
    placeOf: ({ provider }, column) => placeOf(provider, column),
    put: (row, sealed) => db.asWriter((tx) => resealHookRow(tx, row, sealed)),
  })
}

function opened(sealing: OwnSealing, { provider, sealed_secret, sealed_kept }: HookSecretRow): HookSecret {
  return {
    secret: sealing.openOwn(placeOf(provider, 'sealed_secret'), sealed_secret),
    kept: sealed_kept === null ? {} : JSON.parse(sealing.openOwn(placeOf(provider, 'sealed_kept'), sealed_kept)),
  }
}

const sealKept = (sealing: OwnSealing, provider: string, kept: Record<string, string>): string | null =>
  Object.keys(kept).length ? sealing.sealOwn(placeOf(provider, 'sealed_kept'), JSON.stringify(kept)) : null
