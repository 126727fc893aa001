/** Reads and writes what a connection is opened with: as its person, sealed, and by version, so that an older answer never covers a newer one. */
import { type Auth, type Provider, ProviderError } from '@tributary/providers/kit'
import type { Database, Read, Write } from '../platform/db/database.ts'
import { needSignIn } from '../platform/need-sign-in.queries.ts'
import type { SealedPlace, Sealing } from '../platform/sealing.ts'
import type { ConnectionRef } from './calls.ts'
import { type ConnectionRow, findConnection } from './connections.queries.ts'
import type { JournalEntry } from './journal.ts'
import { providerOfConnection } from './provider-of-connection.ts'
import { advanceTokens, findSecret, noteRefusal, putSecret, type SecretName } from './secrets.queries.ts'
import { dateOrNull, type Tokens } from './tokens.ts'

/** A connection as it stands, with what opens it. */
export interface Held {
  ref: ConnectionRef
  row: ConnectionRow
  provider: Provider
  auth: Auth
  tokens?: Tokens
  credentials?: Readonly<Record<string, string>>
}

export interface Vault {
  /** Throws `ProviderError('auth')` for one that has ended, waits for a sign-in, or never had one. */
  read(ref: ConnectionRef): Promise<Held>
  seal(
    tx: Write,
    row: { userId: string; connectionId: string; provider: string },
    name: SecretName,
    value: object,
  ): Promise<void>
  /** False when the database holds a newer answer already. */
  store(entry: JournalEntry): Promise<boolean>
  /** Since when its tokens have been refused; undefined when they are others by now. */
  noteRefusal(held: Held, at: Date): Promise<Date | undefined>
  needSignIn(held: Held, code: string, message: string): Promise<void>
}

export function createVault(db: Database, sealing: Sealing): Vault {
  async function open<T>(tx: Read, row: ConnectionRow, name: SecretName): Promise<T | undefined> {
    const sealed = await findSecret(tx, row.user_id, row.connection_id, name)
    if (sealed === undefined) return undefined
    const place = placeOf({ userId: row.user_id, connectionId: row.connection_id, provider: row.provider }, name)
    return JSON.parse(await sealing.open(tx, place, sealed))
  }

  const vault: Vault = {
    read: (ref) =>
      db.read({ userId: ref.userId }, async (tx) => {
        const row = await findConnection(tx, ref.userId, ref.connectionId)
        if (!row || row.status === 'ended') throw new ProviderError('auth', 'this connection has ended')
        const provider = providerOfConnection(row)
        const auth = provider && authOf(provider, row.auth_kind)
        if (!provider || !auth) throw new ProviderError('auth', `${row.provider} cannot be signed in to here`)
        if (row.status === 'needs_reauth')
          throw new ProviderError('auth', row.error_message ?? `${provider.name} wants a new sign-in`)
        const tokens = await open<Tokens>(tx, row, 'tokens')
        const credentials = await open<Record<string, string>>(tx, row, 'credentials')
        if (!tokens && !credentials) throw new ProviderError('auth', `nobody has signed in to ${provider.name} yet`)
        return { ref, row, provider, auth, ...(tokens ? { tokens } : {}), ...(credentials ? { credentials } : {}) }
      }),
    async seal(tx, row, name, value) {
      const sealed = await sealing.seal(tx, placeOf(row, name), JSON.stringify(value))
      await putSecret(tx, row.userId, row.connectionId, name, sealed)
    },
    store: (entry) =>
      db.write({ userId: entry.userId }, async (tx) => {
        const expiresAt = dateOrNull(entry.tokens.expiresAt)
        const renewIdleAt = dateOrNull(entry.tokens.renewIdleAt)
        const isNext = await advanceTokens(tx, { ...entry, expiresAt, renewIdleAt, scopes: entry.scopes })
        if (isNext) await vault.seal(tx, entry, 'tokens', entry.tokens)
        return isNext
      }),
    noteRefusal: ({ ref, row }, at) =>
      db.write({ userId: ref.userId }, (tx) => noteRefusal(tx, { ...ref, version: row.token_version, at })),
    needSignIn: async ({ ref, row }, code, message) => {
      await db.write({ userId: ref.userId }, (tx) =>
        needSignIn(tx, { ...ref, version: row.token_version, code, message }),
      )
    },
  }
  return vault
}

/** The way in that the connection was made by. */
function authOf(provider: Provider, kind: ConnectionRow['auth_kind']): Auth | undefined {
  return [provider.auth, ...(provider.otherAuth ?? []).map(({ auth }) => auth)].find((auth) => auth.kind === kind)
}

const placeOf = (
  { userId, connectionId, provider }: { userId: string; connectionId: string; provider: string },
  name: SecretName,
): SealedPlace => ({ userId, table: 'connection_secrets', row: `${connectionId}/${name}`, column: 'sealed', provider })
