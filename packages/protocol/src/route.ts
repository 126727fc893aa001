/**
 * A route's contract: said once, read by the server, the client, OpenAPI and the tests.
 * A route says who may call it (`scope`); one that does not, does not compile, and one registered beside the contracts stops the start.
 */
import type { z } from 'zod'
import type { ProblemCode } from './problems.ts'

/** What an API key can be given. A person holds the scopes of their role (`roleScopes`). */
export const scopes = [
  'devices:read',
  'devices:write',
  'data:read',
  'data:write',
  'sync:read',
  'sync:write',
  'connections:read',
  'connections:write',
  'account:read',
  'account:write',
  'admin',
] as const
export type Scope = (typeof scopes)[number]

export const scopeWords: Record<Scope, string> = {
  'devices:read': 'See devices and their health',
  'devices:write': 'Add, change and remove devices',
  'data:read': 'Read samples, sessions and imports',
  'data:write': 'Store and delete samples, import files',
  'sync:read': 'See sync runs',
  'sync:write': 'Start sync runs',
  'connections:read': 'See connections to providers',
  'connections:write': 'Connect and disconnect providers',
  'account:read': 'Read the profile',
  'account:write': 'Change the profile',
  admin: 'Invite people and run the installation',
}

export const roles = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof roles)[number]

/** A viewer reads and writes nothing but their own profile. */
export const roleScopes: Record<Role, readonly Scope[]> = {
  owner: scopes,
  admin: scopes,
  member: scopes.filter((scope) => scope !== 'admin'),
  viewer: ['devices:read', 'data:read', 'sync:read', 'connections:read', 'account:read', 'account:write'],
}

/**
 * Who may call: `public` anybody · a scope: people whose role has it and keys that were given it ·
 * `person`: somebody signed in by password, never a key (passwords, keys, sign-ins).
 */
export type Access = 'public' | 'person' | Scope

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RouteContract {
  method: Method
  /** With `{name}` for a part, as OpenAPI writes it. */
  path: string
  /** Another path with the same parts, where a document writes it otherwise. */
  alsoAt?: string
  /** A short imperative sentence. */
  summary: string
  description?: string
  /** The heading in the docs. */
  tag: string
  scope: Access
  /** A token of the device in the path may call it as well. */
  deviceToken?: true
  /** The token of a connect session may call it as well: what the connect page needs, and nothing else. */
  connectSession?: true
  /** Whoever asks from the machine it runs on may call it as well: over a loopback connection that no proxy has passed on, under a loopback name. */
  thisMachine?: true
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Body content types besides JSON (`application/x-ndjson`, `multipart/form-data` …). Such bodies are read by the handler itself. */
  consumes?: readonly string[]
  returns: { status: number; body?: z.ZodType; description?: string }
  /** Another success than `returns`, where one route does two things. */
  orReturns?: { status: number; body: z.ZodType }
  /** Content types the answer may have besides JSON. */
  produces?: readonly string[]
  problems: readonly ProblemCode[]
  /** The answer holds a secret that is shown once (always, or when one of these fields is in it): a replay with the same Idempotency-Key gets 409 instead. */
  secret?: true | readonly string[]
}

/** Declares a route. It only gives the literal its type; nothing happens here. */
export function route<const R extends RouteContract>(contract: R): R {
  return contract
}

export type ParamsOf<R extends RouteContract> = R['params'] extends z.ZodType ? z.output<R['params']> : undefined
export type QueryOf<R extends RouteContract> = R['query'] extends z.ZodType ? z.output<R['query']> : undefined
export type BodyOf<R extends RouteContract> = R['body'] extends z.ZodType ? z.output<R['body']> : undefined
export type AnswerOf<R extends RouteContract> = R['returns']['body'] extends z.ZodType
  ? z.input<R['returns']['body']>
  : undefined

/** What a caller writes, before defaults are filled in. */
export type QueryInput<R extends RouteContract> = R['query'] extends z.ZodType ? z.input<R['query']> : undefined
export type BodyInput<R extends RouteContract> = R['body'] extends z.ZodType ? z.input<R['body']> : undefined
/** What a caller gets. */
export type AnswerOutput<R extends RouteContract> =
  | (R['returns']['body'] extends z.ZodType ? z.output<R['returns']['body']> : undefined)
  | (R extends { orReturns: { body: infer B extends z.ZodType } } ? z.output<B> : never)
