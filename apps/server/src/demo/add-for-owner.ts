import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { findOwner } from './demos.queries.ts'
import { makeDemo } from './make-demo.ts'

/** `--demo`: adds the demo to the owner's account. False while there is no owner: no account is ever made for a demo. */
export async function addForOwner({ db, clock }: { db: Database; clock: Clock }): Promise<boolean> {
  const owner = await db.asWriter((tx) => findOwner(tx))
  if (!owner) return false
  await db.write({ userId: owner }, (tx) => makeDemo(tx, owner, clock.now()))
  return true
}
