/**
 * Whose account brought tokens open, asked of the provider before anything is fetched with them. When the person has a connection to
 * it already, what hung from this one hangs from that one, which takes the tokens if its own do not open any more.
 */
import { type ProviderAccount, ProviderError, type ProviderHttp } from '@tributary/providers/kit'
import type { Clock } from '../platform/clock.ts'
import type { Database, Write } from '../platform/db/database.ts'
import type { ConnectionRef } from './calls.ts'
import { listConnections, moveToConnection, nameAccount } from './connections.queries.ts'
import { type SignedIn, saveConnection, signedInAs } from './save-connection.ts'
import type { Held, Vault } from './vault.ts'

export interface LearnEdges {
  db: Database
  vault: Vault
  clock: Pick<Clock, 'now'>
}

/** Undefined where only a sign-in tells, and nothing that is asked needs it. */
export async function learnAccount(
  edges: LearnEdges,
  ref: ConnectionRef,
  http: ProviderHttp,
): Promise<ProviderAccount | undefined> {
  const who = await ask(edges, ref, http)
  if (!who) return undefined
  const held = await edges.vault.read(ref) // asking may have renewed the tokens
  const isOurs = await edges.db.write({ userId: ref.userId }, (tx) => settle(tx, edges, held, who))
  if (isOurs) return who
  throw new ProviderError('auth', `this account of ${held.provider.name} is connected already: that connection goes on`)
}

async function ask(
  { vault }: LearnEdges,
  ref: ConnectionRef,
  http: ProviderHttp,
): Promise<ProviderAccount | undefined> {
  const held = await vault.read(ref)
  const { provider, tokens } = held
  if (!provider.account) return undefined
  const token = tokens && {
    accessToken: tokens.accessToken,
    ...(tokens.refreshToken ? { refreshToken: tokens.refreshToken } : {}),
  }
  try {
    return await provider.account(http, token)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault !== 'bad_data') throw error
    const why = `${provider.name} does not say whose tokens these are: sign in once`
    await vault.needSignIn(held, 'account_unknown', why)
    throw new ProviderError('auth', why, { cause: error })
  }
}

/** False when it is another connection's account. */
async function settle(tx: Write, { vault, clock }: LearnEdges, held: Held, who: ProviderAccount): Promise<boolean> {
  const { ref, provider } = held
  const { userId, connectionId } = ref
  const accounts = [who.account, ...(who.formerAccounts ?? [])]
  const all = await listConnections(tx, userId, provider.id)
  const other = all.find((row) => row.connection_id !== connectionId && accounts.includes(row.provider_account))
  if (!other && (await nameAccount(tx, ref, who))) return true
  const isOpen = other?.status === 'active' || other?.status === 'paused'
  const to = isOpen
    ? other
    : await saveConnection(tx, vault, { userId, provider, signedIn: signedInOf(held, who), at: new Date(clock.now()) })
  await moveToConnection(tx, userId, connectionId, to.connection_id)
  return false
}

const signedInOf = ({ row, tokens, credentials }: Held, who: ProviderAccount): SignedIn =>
  signedInAs(who, {
    authKind: row.auth_kind === 'key' ? 'key' : 'oauth2',
    scopes: row.granted_scopes,
    region: row.region,
    isDemo: row.is_demo,
    ...(tokens ? { tokens } : {}),
    ...(credentials ? { credentials } : {}),
  })
