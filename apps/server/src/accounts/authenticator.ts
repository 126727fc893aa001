/** Who is behind a token or a cookie. What the database said is believed for a second; a JWT's signature alone is never enough. */
import { type Role, roleScopes, type Scope } from '@tributary/protocol'
import type { Clock } from '../platform/clock.ts'
import type { Read } from '../platform/db/database.ts'
import type { Authenticator, Caller, Credentials } from '../platform/http/caller.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken, kindOfToken } from '../platform/tokens.ts'
import type { AccessTokens } from './access-token.ts'
import type { LastUsed } from './last-used.ts'
import {
  type FoundSignIn,
  findApiKey,
  findConnectSession,
  findCookie,
  findDeviceToken,
  findSignIn,
} from './lookups.queries.ts'
import { signInIsOver } from './sign-in-life.ts'

const believedMs = 1_000
/** Enough for every device of a clinic; beyond it the oldest are asked for again. */
const maxRecalled = 50_000

interface Edges {
  lookup: Read
  accessTokens: AccessTokens
  lastUsed: LastUsed
  clock: Clock
}

interface Found {
  caller: Caller
  /** When the credentials themselves end, however fresh the look-up is. */
  endsAtMs: number
}

const scopesOf = Object.fromEntries(
  Object.entries(roleScopes).map(([role, scopes]) => [role, new Set(scopes)]),
) as unknown as Record<Role, ReadonlySet<Scope>>
const deviceScopes: ReadonlySet<Scope> = new Set<Scope>(['data:write'])
/** Of a person who may not write themselves any more. */
const noScopes: ReadonlySet<Scope> = new Set<Scope>()

export function createAuthenticator(edges: Edges): Authenticator {
  const { clock } = edges
  const recalled = new Map<string, { caller: Caller; untilMs: number }>()
  let forgotten = 0

  async function identify(credentials: Credentials): Promise<Caller | undefined> {
    const known = recall(credentials)
    if (known) return known
    const asked = { at: clock.now(), forgotten }
    const found = await find(credentials, edges)
    // Something ended while the database was asked: its answer may be from before.
    if (found && asked.forgotten === forgotten)
      remember(keyOf(credentials), found.caller, Math.min(asked.at + believedMs, found.endsAtMs))
    return found?.caller
  }

  function recall(credentials: Credentials): Caller | undefined {
    const entry = recalled.get(keyOf(credentials))
    return entry && clock.now() < entry.untilMs ? entry.caller : undefined
  }

  function remember(key: string, caller: Caller, untilMs: number): void {
    recalled.delete(key) // so that the Map's order stays that of age
    recalled.set(key, { caller, untilMs })
    if (recalled.size <= maxRecalled) return
    const oldest = recalled.keys().next()
    if (!oldest.done) recalled.delete(oldest.value)
  }

  function forget(matches: (caller: Caller) => boolean): void {
    forgotten++
    for (const [key, { caller }] of recalled) if (matches(caller)) recalled.delete(key)
  }

  return { recall, identify, forget }
}

/** A bearer token never begins with a space. */
function keyOf({ bearer, cookie }: Credentials): string {
  return bearer ?? ` ${cookie}`
}

function find({ bearer, cookie }: Credentials, edges: Edges): Promise<Found | undefined> {
  if (bearer === undefined) return cookie === undefined ? Promise.resolve(undefined) : findByCookie(cookie, edges)
  const kind = kindOfToken(bearer)
  if (kind === 'apiKey') return findByApiKey(bearer, edges)
  if (kind === 'device') return findByDeviceToken(bearer, edges)
  if (kind === 'connect') return findByConnectToken(bearer, edges)
  return findByAccessToken(bearer, edges)
}

async function findByAccessToken(token: string, edges: Edges): Promise<Found> {
  const claims = await edges.accessTokens.read(token)
  const signIn = await findSignIn(edges.lookup, claims.signInId)
  if (!signIn || signIn.user_id !== claims.userId || signIn.kind !== 'tokens') throw new Problem('token_invalid')
  const found = personOf(signIn, edges)
  if (!found) throw new Problem('token_invalid', 'This sign-in has ended')
  return { ...found, endsAtMs: claims.expiresAtMs }
}

async function findByCookie(cookie: string, edges: Edges): Promise<Found | undefined> {
  if (kindOfToken(cookie) !== 'cookie') return undefined
  const signIn = await findCookie(edges.lookup, hashToken(cookie))
  return signIn && personOf(signIn, edges)
}

function personOf(signIn: FoundSignIn, { clock, lastUsed }: Edges): Found | undefined {
  if (signInIsOver(signIn, clock.now())) return undefined
  const { user_id: userId, sign_in_id: signInId, role } = signIn
  lastUsed.touch('sign_ins', userId, signInId, signIn.last_used_at.getTime())
  const caller: Caller = { kind: 'person', userId, role, scopes: scopesOf[role], actor: `person:${userId}`, signInId }
  return { caller, endsAtMs: signIn.expires_at.getTime() }
}

async function findByApiKey(token: string, { lookup, clock, lastUsed }: Edges): Promise<Found> {
  const key = await findApiKey(lookup, hashToken(token))
  const endsAtMs = key?.expires_at?.getTime() ?? Number.POSITIVE_INFINITY
  if (!key || key.ended_at || key.disabled_at || endsAtMs <= clock.now()) throw new Problem('token_invalid')
  lastUsed.touch('api_keys', key.user_id, key.api_key_id)
  // A key never holds more than its person does now.
  const scopes = new Set(key.scopes.filter((scope) => scopesOf[key.role].has(scope)))
  const caller: Caller = { kind: 'key', userId: key.user_id, role: key.role, scopes, actor: `key:${key.api_key_id}` }
  return { caller, endsAtMs }
}

async function findByDeviceToken(token: string, { lookup }: Edges): Promise<Found> {
  const device = await findDeviceToken(lookup, hashToken(token))
  if (!device || device.disabled_at) throw new Problem('token_invalid')
  const { user_id: userId, device_id: deviceId, role } = device
  const scopes = scopesOf[role].has('data:write') ? deviceScopes : noScopes
  const caller: Caller = { kind: 'device', userId, role, scopes, actor: `device:${deviceId}`, deviceId }
  return { caller, endsAtMs: Number.POSITIVE_INFINITY }
}

/** Of a connect session: whatever its person may, with it they only connect. */
const connectScopes: readonly Scope[] = ['connections:read', 'connections:write']

async function findByConnectToken(token: string, { lookup, clock }: Edges): Promise<Found> {
  const session = await findConnectSession(lookup, hashToken(token))
  const endsAtMs = session?.expires_at.getTime() ?? 0
  if (!session || session.disabled_at || endsAtMs <= clock.now()) throw new Problem('token_invalid')
  const { user_id: userId, connect_session_id: connectSessionId, role } = session
  const scopes = new Set(connectScopes.filter((scope) => scopesOf[role].has(scope)))
  const caller: Caller = { kind: 'key', userId, role, scopes, actor: `connect:${connectSessionId}`, connectSessionId }
  return { caller, endsAtMs }
}
