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
  /** Of those, what no key opens that is given: it is as it was. */
  lost: string[]
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
  const ofApps = await apps.reseal()
  const ofHooks = await resealHookSecrets(db, sealing)
  const sealed = {
    apps: ofApps.rows,
    hooks: ofHooks.rows,
    lost: [...ofApps.lost, ...ofHooks.lost],
    people: await sealing.rewrap(signal),
  }
  if (signal?.aborted) return undefined
  await endKeyChange(dataDir)
  return sealed
}
