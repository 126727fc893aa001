import type { Database } from '../platform/db/database.ts'
import { resealHookSecrets } from '../platform/hooks/hook-secrets.ts'
import type { Sealing } from '../platform/sealing.ts'
import { endKeyChange } from '../platform/secrets.ts'
import type { Apps } from './apps.ts'

export interface SealedAnew {
  /** Whose keys were wrapped anew. */
  people: number
  /** Apps at providers, and addresses that providers call, whose secrets the installation itself seals. */
  apps: number
  hooks: number
}

interface Edges {
  db: Database
  dataDir: string
  sealing: Sealing
  apps: Apps
}

/** Seals with today's key whatever a former one did. Broken off it goes on when it is called again; undefined when it was told to stop. */
export async function sealAnew(
  { db, dataDir, sealing, apps }: Edges,
  signal?: AbortSignal,
): Promise<SealedAnew | undefined> {
  const sealed = {
    apps: await apps.reseal(),
    hooks: await resealHookSecrets(db, sealing),
    people: await sealing.rewrap(signal),
  }
  if (signal?.aborted) return undefined
  await endKeyChange(dataDir)
  return sealed
}
