/**
 * One request on its way through a handler: what was asked, who asks, and the transactions it may open. An errand has come in by
 * any door; a call by the router, so its handler may also look at Fastify's request and make its own reply.
 * `write` is where a mutating route does all of its work: the effect, the audit line and the kept answer of its Idempotency-Key commit together.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import type { BodyOf, ParamsOf, QueryOf, RouteContract } from '@tributary/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { become, type Database, nobody, type Read, type Write } from '../db/database.ts'
import { must } from '../must.ts'
import { Problem } from '../problem.ts'
import type { Secrets } from '../secrets.ts'
import type { Asked } from './asked.ts'
import { insertAudit } from './audit.queries.ts'
import type { Caller } from './caller.ts'
import { claimKey, findKeptAnswer, type KeptAnswer, keepAnswer } from './idempotency.queries.ts'

/** Thrown to answer with what was answered before. */
export class Replay extends Error {
  override name = 'Replay'
  readonly status: number
  readonly answer: string

  constructor(status: number, answer: string) {
    super('replayed')
    this.status = status
    this.answer = answer
  }
}

export interface WriteOptions<T = unknown> {
  /** Whose rows are written when nobody is signed in (registering, signing in). */
  as?: string
  /** What the audit line names as target; the device or session in the path when absent. */
  target?: string
  /** Stands in for the body in the Idempotency-Key's fingerprint, for bodies that are streams. */
  fingerprint?: string
  /** Where the body names its request itself, and no Idempotency-Key was sent. */
  key?: string
  /** Of the answer, when it is not always the contract's first. */
  statusOf?(answer: T): number
}

interface ErrandInit<R extends RouteContract> {
  name: string
  contract: R
  params: ParamsOf<R>
  query: QueryOf<R>
  body: BodyOf<R>
  request: Asked
  caller: Caller | undefined
  db: Database
  fingerprintKey: Buffer
}

export class Errand<R extends RouteContract = RouteContract> {
  readonly name: string
  readonly contract: R
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  readonly request: Asked
  readonly #caller: Caller | undefined
  readonly #db: Database
  readonly #fingerprintKey: Buffer

  constructor(init: ErrandInit<R>) {
    this.name = init.name
    this.contract = init.contract
    this.params = init.params
    this.query = init.query
    this.body = init.body
    this.request = init.request
    this.#caller = init.caller
    this.#db = init.db
    this.#fingerprintKey = init.fingerprintKey
  }

  /** The caller of a route that is not public. */
  get caller(): Caller {
    return must(this.#caller, 'a route that is not public has a caller')
  }

  get optionalCaller(): Caller | undefined {
    return this.#caller
  }

  get idempotencyKey(): string | undefined {
    const given = this.request.headers['idempotency-key']
    if (given === undefined) return undefined
    if (typeof given !== 'string' || given.length < 1 || given.length > 255)
      throw new Problem('invalid_request', 'Idempotency-Key takes 1 to 255 characters', {
        errors: [{ pointer: 'Idempotency-Key', detail: 'takes 1 to 255 characters' }],
      })
    return given
  }

  read<T>(work: (tx: Read) => Promise<T>, as?: string): Promise<T> {
    return this.#db.read({ userId: as ?? this.caller.userId }, work)
  }

  /** What `work` returns must be the route's answer. */
  async write<T>(work: (tx: Write) => Promise<T>, options: WriteOptions<T> = {}): Promise<T> {
    const userId = options.as ?? this.caller.userId
    const key = this.idempotencyKey ?? options.key
    if (key === undefined) return this.#db.write({ userId }, (tx) => this.workAndAudit(tx, userId, work, options))
    const keyOwner = this.#caller?.userId ?? nobody
    const fingerprint = this.fingerprint(options.fingerprint)
    return this.#db.write({ userId: keyOwner }, async (tx) => {
      const kept = await claimKey(tx, keyOwner, key, fingerprint).catch(translateLockTimeout)
      if (kept) throw answerAgain(kept, fingerprint)
      if (userId !== keyOwner) await become(tx, { userId })
      const answer = await this.workAndAudit(tx, userId, work, options)
      if (userId !== keyOwner) await become(tx, { userId: keyOwner })
      const text = this.holdsSecret(answer) ? null : JSON.stringify(answer ?? {})
      await keepAnswer(tx, keyOwner, key, options.statusOf?.(answer) ?? this.contract.returns.status, text)
      return answer
    })
  }

  /**
   * Answers a repeated request at once. For routes whose checks before `write` would not pass a second time:
   * the invite is used up, the old password is not the password any more.
   */
  async repeatIfKept(own?: string): Promise<void> {
    const key = this.idempotencyKey ?? own
    if (key === undefined) return
    const userId = this.#caller?.userId ?? nobody
    const kept = await this.#db.read({ userId }, (tx) => findKeptAnswer(tx, userId, key))
    if (kept && kept.status !== null) throw answerAgain(kept, this.fingerprint())
  }

  private async workAndAudit<T>(
    tx: Write,
    userId: string,
    work: (tx: Write) => Promise<T>,
    { target }: WriteOptions,
  ): Promise<T> {
    const answer = await work(tx)
    await insertAudit(tx, this.auditEntry(userId, 'ok', target))
    return answer
  }

  auditEntry(userId: string | null, outcome: string, target?: string) {
    const params = (this.params ?? {}) as Record<string, string>
    const body = this.body
    return {
      userId,
      actor: this.#caller?.actor ?? (userId ? `person:${userId}` : 'nobody'),
      action: this.name,
      target: target ?? Object.values(params)[0] ?? null,
      outcome,
      fields: body && typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : [],
      address: this.request.ip,
      requestId: this.request.id,
    }
  }

  /** Tells bodies apart and nothing about them, for one may hold a password. Of a body that the handler reads itself, the bytes as they came. */
  fingerprint(stand?: string): Buffer {
    const { body } = this.request
    const said = stand ?? (this.body === undefined && Buffer.isBuffer(body) ? body : JSON.stringify(this.body ?? null))
    return createHmac('sha256', this.#fingerprintKey)
      .update(`${this.contract.method} ${this.request.url}\n`)
      .update(said)
      .digest()
  }

  private holdsSecret(answer: unknown): boolean {
    const { secret } = this.contract
    if (!secret || secret === true) return secret === true
    return secret.some((field) => typeof answer === 'object' && answer !== null && field in answer)
  }
}

export class Call<R extends RouteContract = RouteContract> extends Errand<R> {
  declare readonly request: FastifyRequest
  readonly reply: FastifyReply

  constructor(init: ErrandInit<R> & { request: FastifyRequest; reply: FastifyReply }) {
    super(init)
    this.reply = init.reply
  }
}

/** Keys the fingerprints of requests, which are kept: nobody who reads them can try bodies. */
export const fingerprintKeyOf = ({ jwtKey }: Pick<Secrets, 'jwtKey'>): Buffer =>
  Buffer.from(hkdfSync('sha256', jwtKey, '', 'tributary request fingerprint v1', 32))

/** What a key that was used before answers: the same, or why not. */
export function answerAgain(kept: KeptAnswer, fingerprint: Buffer): Error {
  if (!kept.fingerprint.equals(fingerprint)) return new Problem('idempotency_key_reused')
  if (kept.status === null) return new Problem('idempotency_in_progress')
  if (kept.answer === null) return new Problem('idempotency_secret_not_repeated')
  return new Replay(kept.status, kept.answer)
}

function translateLockTimeout(error: { code?: string }): never {
  if (error.code === '55P03') throw new Problem('idempotency_in_progress') // lock_not_available: the first is still at work after 10 s
  throw error
}
