/**
 * Disconnecting. First the provider is told and the connection ends, so that nothing more is fetched; then, if they are to go, its data
 * do, source by source, each in a transaction that holds nothing while the store works. Interrupted, it is asked again and goes on.
 */
import type { Routes } from '@tributary/protocol'
import { type AppKeys, type Provider, ProviderError, type ProviderHttp } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import { findHookSecret } from '../platform/hooks/hook-secrets.ts'
import { findOwnSubscription } from '../platform/hooks/seal-subscription.ts'
import type { Call } from '../platform/http/call.ts'
import { Problem } from '../platform/problem.ts'
import { Unsettled, untilSettled } from '../platform/sources/until-settled.ts'
import type { ConnectionRef } from './calls.ts'
import { type ConnectionRow, findConnection, isAccountTaken, lockAccount } from './connections.queries.ts'
import { deleteDefinitionOf } from './custom-apis.queries.ts'
import { deleteConnectionRow, endConnection, holdConnection } from './disconnect.queries.ts'
import { listSourcesOf } from './erase-connection.queries.ts'
import { eraseConnection } from './erase-connection.ts'
import { deleteSecrets } from './secrets.queries.ts'

/** A person does not wait longer for a provider to say good-bye. */
const leaveMs = 10_000

type Ending = Call<Routes['deleteConnection']> | Call<Routes['deleteCustomApi']>

/** Answers a repeated request before: what it was about may be gone. */
export async function disconnect(call: Ending, parts: Parts, connectionId: string): Promise<undefined> {
  const { userId } = call.caller
  const ref: ConnectionRef = { userId, connectionId }
  const isErasing = call.query.data === 'delete'
  const row = await call.read((tx) => findConnection(tx, userId, connectionId))
  // One that has ended is only asked for again to have its data go too.
  if (!row || (row.status === 'ended' && !isErasing)) throw new Problem('not_found')
  if (row.status !== 'ended') {
    const end = async (tx: Write) => {
      await endConnection(tx, userId, connectionId)
      await deleteSecrets(tx, userId, connectionId)
      // While data go it still leads back to them.
      if (!isErasing) await deleteDefinitionOf(tx, userId, connectionId)
    }
    if (!(await endIfShared(row, parts, end))) {
      await leave(ref, parts)
      await parts.db.write({ userId }, end)
    }
  }
  await untilSettled(async () => {
    if (isErasing) await eraseConnection(ref, row.provider, parts)
    await call.write(async (tx) => {
      // Of one that never was more than somebody's credentials nothing is to be remembered.
      if (!isErasing && row.provider_account !== '') return undefined
      await holdConnection(tx, userId, connectionId)
      // By somebody who had begun before the connection ended.
      if (isErasing && (await listSourcesOf(tx, ref)).length) throw new Unsettled('a source was added meanwhile')
      await deleteConnectionRow(tx, userId, connectionId)
      return undefined
    })
  })
  return undefined
}

/**
 * What a provider ends it ends for the account: the app's access, the registration, notices to our address. No brand's page promises
 * that one of an account's tokens can go alone; this person's is forgotten here, and the last to go says good-bye for all. Who that is
 * they settle one after the other: who is not the last has ended before the next one looks.
 */
async function endIfShared(
  { user_id: userId, connection_id: connection, provider, provider_account: account }: ConnectionRow,
  { db, log }: Parts,
  end: (tx: Write) => Promise<void>,
): Promise<boolean> {
  const isShared = await db.write({ userId }, async (tx) => {
    await lockAccount(tx, provider, account)
    if (!(await isAccountTaken(tx, provider, account, userId))) return false
    await end(tx)
    return true
  })
  if (isShared)
    log.info(
      { connection, provider },
      'a person disconnected; somebody else here has the same account, so its provider was told nothing',
    )
  return isShared
}

/**
 * A provider that does not answer, or has ended the access itself, keeps nobody connected; nor does a secret that does not open. After a
 * while nobody waits: with the connection ended, what is still under way finds itself refused.
 */
async function leave(ref: ConnectionRef, parts: Parts): Promise<void> {
  const late = AbortSignal.timeout(leaveMs)
  const isLate = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()))
  await Promise.race([sayGoodbye(ref, parts, late), isLate])
}

async function sayGoodbye(ref: ConnectionRef, parts: Parts, signal: AbortSignal): Promise<void> {
  const { connect, clock } = parts
  await logged(ref, parts, async () => {
    const held = await connect.vault.read(ref)
    const { provider } = held
    const { http, account } = await connect.calls.open(ref, { signal })
    const app = await connect.apps.find(provider, held.row.is_demo)
    // By its own token, which is gone when the access is.
    await logged(ref, parts, () => endOwnSubscription(ref, parts, provider, http, app?.keys))
    if (!provider.leave || !held.tokens || !app) return
    const { tokens = held.tokens } = await connect.vault.read(ref) // they may have been renewed just now
    const { accessToken, refreshToken } = tokens
    const ended = { accessToken, ...(refreshToken ? { refreshToken } : {}), account }
    await provider.leave(http, ended, app.keys, clock.now())
  })
}

async function endOwnSubscription(
  { userId, connectionId }: ConnectionRef,
  { db, sealing, clock }: Parts,
  provider: Provider,
  http: ProviderHttp,
  app: AppKeys | undefined,
): Promise<void> {
  const subscribe = provider.webhook?.subscribe
  if (subscribe?.per !== 'connection') return
  const place = { userId, connectionId, provider: provider.id }
  const kept = await db.read({ userId }, (tx) => findOwnSubscription(sealing, tx, place))
  const hook = await db.asWriter((tx) => findHookSecret(sealing, tx, provider.id))
  if (kept && hook) await subscribe.end(http, kept, { app, secret: hook.secret, kept, now: clock.now() })
}

async function logged({ connectionId }: ConnectionRef, { log }: Parts, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const said = { err: error, connection: connectionId }
    if (error instanceof ProviderError) log.warn(said, 'a provider could not be told that a person disconnected')
    else log.error(said, 'a provider could not be told that a person disconnected, for a reason that is ours')
  }
}
