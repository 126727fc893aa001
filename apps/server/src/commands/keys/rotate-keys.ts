/**
 * A new encryption key for everything that is sealed. Broken off anywhere, both keys are on disk and nothing is unreadable: run again,
 * or the server when it starts, it goes on.
 */
import { CommandError } from '../../accounts/commands.ts'
import { createApps } from '../../connect/apps.ts'
import { createJournal } from '../../connect/journal.ts'
import { type SealedAnew, sealAnew } from '../../connect/seal-anew.ts'
import { createVault } from '../../connect/vault.ts'
import { must } from '../../platform/must.ts'
import { openSealing } from '../../platform/sealing.ts'
import { beginKeyChange } from '../../platform/secrets.ts'
import { UsageError } from '../settings-given.ts'
import type { DatabaseEdges } from '../with-database.ts'
import { hasRunningServer } from './running-servers.queries.ts'

export interface Rotation extends SealedAnew {
  key: 'made' | 'resumed' | 'from the environment'
}

export async function rotateKeys(edges: DatabaseEdges): Promise<Rotation> {
  const { config, dataDir, db } = edges
  await assertAlone(edges)
  const { secrets, key } = await nextKey(edges)
  await assertAlone(edges) // a server that began before the new key was there does not know it
  const sealing = await openSealing(secrets.encryptionKey, db, secrets.formerKeys)
  const { unreadable } = await createJournal(dataDir, sealing).settleAll(createVault(db, sealing).store)
  if (unreadable.length)
    throw new CommandError(
      `kept answers of token endpoints do not open, and the former key stays: ${unreadable.join(', ')}`,
    )
  const sealed = await sealAnew({ db, dataDir, sealing, apps: createApps(config, db, sealing) })
  return { ...must(sealed, 'nobody stops it'), key }
}

async function assertAlone({ db }: DatabaseEdges): Promise<void> {
  if (await db.asWriter(hasRunningServer))
    throw new CommandError('the server is running and would go on with the former key: stop it first')
}

type Keys = Pick<DatabaseEdges['secrets'], 'encryptionKey' | 'formerKeys'>

/** A key of the environment is the operator's to change. */
async function nextKey({
  config,
  dataDir,
  db,
  secrets,
  formerKeys,
}: DatabaseEdges): Promise<{ secrets: Keys; key: Rotation['key'] }> {
  if (config.ENCRYPTION_KEY) {
    if (!formerKeys.length)
      throw new UsageError(
        'ENCRYPTION_KEY comes from the environment: set it to a new one and ENCRYPTION_KEY_PREVIOUS to the former one, and run this again',
      )
    return { secrets: { encryptionKey: secrets.encryptionKey, formerKeys }, key: 'from the environment' }
  }
  await openSealing(secrets.encryptionKey, db, formerKeys) // a wrong key is no key to change
  const { secrets: changed, isNew } = await beginKeyChange(dataDir)
  return {
    secrets: { ...changed, formerKeys: [...changed.formerKeys, ...config.ENCRYPTION_KEY_PREVIOUS] },
    key: isNew ? 'made' : 'resumed',
  }
}
