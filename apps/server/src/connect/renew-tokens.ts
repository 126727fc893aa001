/**
 * New tokens before the old ones end, or when a provider has ended them early. For each connection one process asks at a time: it holds
 * a lease in the row, and no lock or transaction while the provider thinks. An answer goes to the journal before the database, and to
 * the database before it is used. Only the provider's own refusal of the grant, said twice with the row read again in between, means
 * that the person must sign in anew, and of a provider that has refused good ones only when it goes on for hours; an overloaded cloud, a
 * proxy's page or a timeout never does.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type OAuth2, ProviderError, readTokenOutcome, type TokenOutcome, tokenRequest } from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Egress } from '../platform/egress/egress.ts'
import { EgressRefused } from '../platform/egress/refused.ts'
import type { Log } from '../platform/log.ts'
import type { Renewal } from '../platform/telemetry/telemetry.ts'
import type { Apps } from './apps.ts'
import type { ConnectionRef } from './calls.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { claimRefresh, endRefresh } from './secrets.queries.ts'
import { keepAnswer, wantsRenewal } from './tokens.ts'
import type { Held, Vault } from './vault.ts'
import { endingWay, hasEnded } from './ways-in.ts'

export interface RenewEdges {
  db: Database
  egress: Egress
  vault: Vault
  journal: Journal
  apps: Apps
  clock: Clock
  log: Log
  /** How long a process waits before it looks whether another has done it. */
  lookAgainMs?: (() => number) | undefined
  /** Called once with tokens that are stored, before anybody uses them. */
  afterRenewal?(held: Held, path: string): Promise<void>
  /** What became of each question for new tokens. */
  onRenewal?: ((provider: string, outcome: Renewal) => void) | undefined
}

/** A held connection whose tokens are good now; `ended` is the version of tokens that a call was refused with. */
export type Renew = (ref: ConnectionRef, ended?: number) => Promise<Held>

/** The request ends first: a lease that runs out while somebody still waits would let two ask at once. */
const leaseSeconds = 60
const askTimeoutMs = 20_000
/** At random, so that many who wait do not look together. */
const usualLookAgainMs = () => 50 + Math.random() * 150
/** A little longer than a lease, so that the next in line takes over what a dead process held. */
const patienceMs = 75_000

export function createRenew(edges: RenewEdges): Renew {
  const { db, vault, journal, clock, lookAgainMs = usualLookAgainMs } = edges
  const underWay = new Map<string, Promise<Held>>()

  async function renew(ref: ConnectionRef, ended: number | undefined): Promise<Held> {
    const giveUpAt = performance.now() + patienceMs
    while (performance.now() < giveUpAt) {
      await journal.settle(ref.connectionId, vault.store) // an answer that the database could not take yet
      const held = await vault.read(ref)
      const way = endingWay(held.provider, held.auth.kind)
      if (way && hasEnded(way, clock.now())) return await giveUp(edges, held, ...whyEnded(held))
      if (isGood(held, ended, clock.now())) return held
      const lease = uuidv7()
      const version = held.row.token_version
      const isOurs = await db.write({ userId: ref.userId }, (tx) =>
        claimRefresh(tx, { ...ref, version, lease, seconds: leaseSeconds }),
      )
      if (isOurs)
        try {
          return await askAndCount(edges, held)
        } finally {
          await db.write({ userId: ref.userId }, (tx) => endRefresh(tx, ref.userId, ref.connectionId, lease))
        }
      await pause(lookAgainMs())
    }
    throw new ProviderError('unavailable', 'somebody else has been renewing this sign-in for too long')
  }

  return async (ref, ended) => {
    const key = `${ref.userId}/${ref.connectionId}`
    const waiting = underWay.get(key)
    if (waiting) {
      const held = await waiting
      if (isGood(held, ended, clock.now())) return held
    }
    const now = renew(ref, ended).finally(() => {
      if (underWay.get(key) === now) underWay.delete(key)
    })
    if (!underWay.has(key)) underWay.set(key, now)
    return now
  }
}

function isGood({ row, tokens }: Held, ended: number | undefined, now: number): boolean {
  return row.token_version !== ended && (!tokens || !wantsRenewal(tokens, now))
}

async function askAndCount(edges: RenewEdges, held: Held): Promise<Held> {
  try {
    const renewed = await askFor(edges, held)
    edges.onRenewal?.(held.provider.id, 'renewed')
    return renewed
  } catch (error) {
    edges.onRenewal?.(held.provider.id, error instanceof ProviderError && error.fault === 'auth' ? 'ended' : 'failed')
    throw error
  }
}

async function askFor(edges: RenewEdges, held: Held, refusals = 0): Promise<Held> {
  const { vault, journal, clock } = edges
  const { provider, auth, tokens, ref } = held
  if (auth.kind !== 'oauth2' || !tokens?.refreshToken) return await giveUp(edges, held, ...whyEnded(held))
  const before = { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken }
  const outcome = await ask(edges, held, auth, before)
  if (outcome.kind === 'app')
    throw new ProviderError('unavailable', `${provider.name} does not know this installation’s app, or not its secret`)
  if (outcome.kind === 'failed') throw new ProviderError('unavailable', `${provider.name}’s sign-in ${outcome.reason}`)
  if (outcome.kind === 'refused') {
    const again = await vault.read(ref)
    if (again.row.token_version !== held.row.token_version) return again // somebody signed in, or stored a late answer
    if (refusals === 0) return await askFor(edges, again, 1)
    await waitOut(edges, again, auth)
    return await giveUp(
      edges,
      again,
      'access_ended',
      `${provider.name} does not accept this sign-in any more: sign in again`,
    )
  }
  const entry: JournalEntry = {
    ...ref,
    provider: provider.id,
    version: held.row.token_version,
    tokens: keepAnswer(auth, outcome.token, tokens, clock.now()),
    ...(outcome.token.scopes?.length ? { scopes: outcome.token.scopes } : {}),
  }
  await journal.keep(entry)
  await journal.settle(ref.connectionId, vault.store)
  const stored = await vault.read(ref)
  if (auth.afterRefresh) await edges.afterRenewal?.(stored, auth.afterRefresh)
  return stored
}

/** A way in that is coming to its end has words of its own for it. */
function whyEnded({ provider, auth }: Held): [code: string, message: string] {
  const way = endingWay(provider, auth.kind)
  return way
    ? ['sign_in_replaced', way.words.en]
    : ['access_ended', `${provider.name} has ended this access: sign in again`]
}

/** Throws while a refusal is younger than this provider's must be to be believed. */
async function waitOut({ vault, clock }: RenewEdges, held: Held, { refusedHours }: OAuth2): Promise<void> {
  if (!refusedHours) return
  const since = await vault.noteRefusal(held, new Date(clock.now()))
  if (!since || clock.now() - since.getTime() < refusedHours * 3_600_000)
    throw new ProviderError(
      'unavailable',
      `${held.provider.name} refuses this sign-in; it is tried again for some hours`,
    )
}

async function ask(
  { egress, apps }: RenewEdges,
  held: Held,
  auth: OAuth2,
  before: { accessToken: string; refreshToken: string },
): Promise<TokenOutcome> {
  const { provider, row } = held
  const app = await apps.find(provider, row.is_demo)
  if (!app) throw new ProviderError('unavailable', `${provider.name} is not set up here any more`)
  const standIns = apps.standInsOf(provider, { region: row.region, isDemo: row.is_demo })
  const request = tokenRequest(auth, app.keys, { grant: 'refresh_token', refreshToken: before.refreshToken }, standIns)
  try {
    const answer = await egress.request({ ...request, timeoutMs: askTimeoutMs, maxBytes: 1_000_000 })
    return readTokenOutcome(auth, answer, before)
  } catch (error) {
    // An address that is not asked today (a name that leads nowhere public) says nothing of the grant.
    if (error instanceof EgressRefused) throw new ProviderError('unavailable', error.message, { cause: error })
    throw error
  }
}

async function giveUp({ vault, log }: RenewEdges, held: Held, code: string, message: string): Promise<never> {
  await vault.needSignIn(held, code, message)
  log.warn({ connection: held.ref.connectionId, provider: held.provider.id, code }, 'a connection needs a new sign-in')
  throw new ProviderError('auth', message)
}
