/** An Idempotency-Key on a route whose effect is a flush: asked for before, claimed within, looked up when somebody was faster. */
import type { RouteContract } from '@tributary/protocol'
import { answerAgain, type Errand } from '../platform/http/call.ts'
import { findKeptAnswer } from '../platform/http/idempotency.queries.ts'
import { must } from '../platform/must.ts'
import type { Guard } from '../platform/samples/arrival.ts'
import { claimUploadKey } from './upload.queries.ts'

export interface Once {
  key: string
  fingerprint: Buffer
}

/** Asked before anything is parsed, so that another body under a used key is told so, whatever it holds. */
export async function onceOf<R extends RouteContract>(call: Errand<R>): Promise<Once | undefined> {
  const key = call.idempotencyKey
  if (key === undefined) return undefined
  const once = { key, fingerprint: call.fingerprint() }
  const kept = await call.read((tx) => findKeptAnswer(tx, call.caller.userId, key))
  if (kept) throw answerAgain(kept, once.fingerprint)
  return once
}

export function guardOf(userId: string, once: Once | undefined): { guard?: Guard } {
  if (!once) return {}
  return {
    guard: { statement: claimUploadKey, row: [userId, once.key, once.fingerprint], key: `${userId} ${once.key}` },
  }
}

/** After `GuardTaken`: what the other one was answered. */
export async function keptAnswer<R extends RouteContract>(call: Errand<R>, { key, fingerprint }: Once): Promise<Error> {
  const kept = await call.read((tx) => findKeptAnswer(tx, call.caller.userId, key))
  return answerAgain(must(kept, 'a taken key stands in the table'), fingerprint)
}
