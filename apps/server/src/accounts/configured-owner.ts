/** OWNER_EMAIL and OWNER_PASSWORD: an installation nobody sits in front of has its owner from the first start on. */
import { uuidv7 } from 'uuidv7'
import { type Config, ConfigError } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { insertAudit } from '../platform/http/audit.queries.ts'
import type { Log } from '../platform/log.ts'
import type { Accounts } from './accounts.ts'
import { weaknessOf } from './password/strength.ts'
import { insertUser, setPassword } from './users.queries.ts'

interface Edges {
  config: Config
  db: Database
  clock: Clock
  log: Log
  accounts: Accounts
}

/** Later starts change nothing: the account's password is the person's from then on. */
export async function makeConfiguredOwner({ config, db, clock, log, accounts }: Edges): Promise<void> {
  const { OWNER_EMAIL: email, OWNER_PASSWORD: password } = config
  if (!email || !password || !(await accounts.setup.needsOwner())) return
  const weakness = weaknessOf(password, email)
  if (weakness)
    throw new ConfigError(
      `OWNER_PASSWORD got a value that is not shown, which ${weakness}; it takes at least 8 characters that are hard to guess`,
    )
  const userId = uuidv7()
  const now = new Date(clock.now())
  const hash = await accounts.passwords.hash(password)
  const made = await db.write({ userId }, async (tx) => {
    const user = await insertUser(tx, {
      user_id: userId,
      email,
      role: 'owner',
      display_name: null,
      time_zone: 'UTC',
      created_at: now,
    })
    if (!user) return false // another process was first
    await setPassword(tx, userId, hash, now)
    await insertAudit(tx, { userId, actor: 'system', action: 'makeConfiguredOwner', target: userId, outcome: 'ok' })
    return true
  })
  if (made) log.info('the owner account was made from OWNER_EMAIL and OWNER_PASSWORD')
}
