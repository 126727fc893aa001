/** Signs the person of a demo in to some brands, and everybody in again whose clouds were started anew and remember nothing. */
import type { Link } from '../../connect/link.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Log } from '../../platform/log.ts'
import { listDemoConnections } from './demo-connections.queries.ts'
import type { DemoClouds } from './open-clouds.ts'

export interface LinkBrandsEdges {
  db: Database
  log: Log
  link: Link
  clouds: DemoClouds
  /** Of the hub, as providers know it. */
  redirectUriOf(provider: string): string
  wakeRunner(): void
}

/** A watch's rides and runs, nights, and a scale: they agree and disagree with each other and with the year that is there. */
const linkedBrands = ['strava', 'oura', 'withings'] as const

export async function linkBrands(edges: LinkBrandsEdges, userId: string): Promise<void> {
  for (const provider of linkedBrands)
    if (edges.clouds.providers.includes(provider)) await linkOne(edges, userId, provider, null)
  edges.wakeRunner()
}

export async function linkAgain(edges: LinkBrandsEdges): Promise<void> {
  const known = await edges.db.asWriter(listDemoConnections)
  for (const { user_id, provider, provider_account } of known)
    if (edges.clouds.providers.includes(provider)) await linkOne(edges, user_id, provider, provider_account)
  edges.wakeRunner()
}

/** One that fails is no reason to have none of the others: it can be connected by hand. */
async function linkOne(
  { link, clouds, log, redirectUriOf }: LinkBrandsEdges,
  userId: string,
  provider: string,
  account: string | null,
): Promise<void> {
  try {
    await link({ userId, provider, redirectUri: redirectUriOf(provider) }, (url) => clouds.walk(url, account))
  } catch (error) {
    log.warn({ err: error, provider }, 'the demo could not connect an emulated cloud')
  }
}
