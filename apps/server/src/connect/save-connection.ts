/** What signing in ends with: the connection, its secrets and lists in one transaction, and a first run that is asked for in it. */
import type { Provider, ProviderAccount } from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { must } from '../platform/must.ts'
import { askConnectionRun } from '../platform/runs/ask-run.queries.ts'
import { addFeeds, type ConnectionRow, findConnection, joinAccount, setConnected } from './connections.queries.ts'
import { deleteSecrets } from './secrets.queries.ts'
import { dateOrNull, type Tokens } from './tokens.ts'
import type { Vault } from './vault.ts'

/** All that is known once a provider has let us in; kept sealed while a person is asked once more. */
export interface SignedIn {
  authKind: 'oauth2' | 'oauth1' | 'key'
  account: string
  former: readonly string[]
  profile: Record<string, unknown>
  scopes: readonly string[]
  region: string | null
  isDemo: boolean
  tokens?: Tokens
  credentials?: Readonly<Record<string, string>>
}

/** Who let us in, and by what. */
export const signedInAs = (
  { account, formerAccounts, profile, scopes }: ProviderAccount,
  by: Omit<SignedIn, 'account' | 'former' | 'profile'>,
): SignedIn => ({ ...by, account, former: formerAccounts ?? [], profile, scopes: scopes ?? by.scopes })

/** Wake the runner after the commit. */
export async function saveConnection(
  tx: Write,
  vault: Pick<Vault, 'seal'>,
  { userId, provider, signedIn, at }: { userId: string; provider: Provider; signedIn: SignedIn; at: Date },
): Promise<ConnectionRow> {
  const { account, former, tokens, credentials } = signedIn
  const connectionId = await joinAccount(tx, { userId, provider: provider.id, account, former, newId: uuidv7() })
  const expiresAt = dateOrNull(tokens?.expiresAt)
  const renewIdleAt = dateOrNull(tokens?.renewIdleAt)
  await setConnected(tx, userId, connectionId, { ...signedIn, expiresAt, renewIdleAt, at })
  await deleteSecrets(tx, userId, connectionId, ['tokens', 'credentials'])
  const row = { userId, connectionId, provider: provider.id }
  if (tokens) await vault.seal(tx, row, 'tokens', tokens)
  if (credentials) await vault.seal(tx, row, 'credentials', credentials)
  await addFeeds(tx, userId, connectionId, Object.keys(provider.feeds))
  await askConnectionRun(tx, { userId, connectionId, provider: provider.id, trigger: 'automatic' })
  return must(await findConnection(tx, userId, connectionId), 'a connection that was just written is there')
}
