/** The clouds of `--demo`, from the moment the hub has an address. Without it there are none. */
import type { Connect } from '../../connect/connect.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Egress } from '../../platform/egress/egress.ts'
import type { Log } from '../../platform/log.ts'
import { type LinkBrandsEdges, linkAgain, linkBrands } from './link-brands.ts'
import { openClouds } from './open-clouds.ts'

export interface DemoCloudsEdges {
  db: Database
  connect: Connect
  egress: Egress
  log: Log
  wakeRunner(): void
}

export interface CloudsOfDemo {
  /** `url` is where the hub listens, `publicUrl` what people call it. */
  open(url: string, publicUrl: string | undefined): Promise<void>
  /** Somebody's year has been loaded: brands are connected for them. Waits until the clouds are open. */
  linkFor(userId: string): Promise<void>
  stop(): Promise<void>
}

export function createCloudsOfDemo(edges: DemoCloudsEdges): CloudsOfDemo {
  const { promise: opened, resolve } = Promise.withResolvers<LinkBrandsEdges>()
  let stop: () => Promise<void> = async () => undefined
  return {
    async open(url, publicUrl) {
      const origin = publicUrl ? new URL(publicUrl).origin : url
      const port = new URL(url).port
      const clouds = await openClouds(edges, [origin, `http://127.0.0.1:${port}`, `http://localhost:${port}`])
      stop = clouds.stop
      const linking = {
        ...edges,
        link: edges.connect.link,
        clouds,
        redirectUriOf: (provider: string) => `${origin}/api/v1/integrations/${provider}/callback`,
      }
      resolve(linking)
      await linkAgain(linking)
    },
    linkFor: async (userId) => linkBrands(await opened, userId),
    stop: () => stop(),
  }
}
