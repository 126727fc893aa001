/** What this folder's routes share, made once at start. */
import { setTimeout as pause } from 'node:timers/promises'
import { providers } from '@tributary/providers'
import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Egress } from '../platform/egress/egress.ts'
import { everyHour } from '../platform/every-hour.ts'
import { readyHookSecrets } from '../platform/hooks/hook-secrets.ts'
import type { Log } from '../platform/log.ts'
import type { Sealing } from '../platform/sealing.ts'
import { type Apps, createApps } from './apps.ts'
import { type BringTokens, createBringTokens } from './bring-tokens.ts'
import { broughtWith } from './brought-tokens.ts'
import type { Calls } from './calls.ts'
import { createCalls } from './create-calls.ts'
import { endOldWays } from './end-old-ways.ts'
import { createJournal } from './journal.ts'
import { createLink, type Link } from './link.ts'
import { renewIdle } from './renew-idle.ts'
import type { RenewEdges } from './renew-tokens.ts'
import { sealAnew } from './seal-anew.ts'
import { forgetOldStates } from './states.queries.ts'
import { createVault, type Vault } from './vault.ts'

const withWebhooks = providers.flatMap(({ id, webhook }) => (webhook ? [id] : []))

export interface Connect {
  apps: Apps
  vault: Vault
  calls: Calls
  link: Link
  /** Done every hour by themselves. */
  renewIdle(): Promise<void>
  endOldWays(): Promise<void>
  /** Of devices that bring credentials of their own. */
  bringTokens: BringTokens
  broughtWith: typeof broughtWith
  stop(): Promise<void>
}

export interface ConnectEdges {
  config: Config
  dataDir: string
  db: Database
  sealing: Sealing
  /** Something may still be sealed by a former key. */
  isKeyChanging: boolean
  egress: Egress
  clock: Clock
  log: Log
  lookAgainMs?: RenewEdges['lookAgainMs']
  onRenewal?: RenewEdges['onRenewal']
}

export async function openConnect(edges: ConnectEdges): Promise<Connect> {
  const { config, dataDir, db, sealing, egress, clock, log } = edges
  const apps = createApps(config, db, sealing)
  const vault = createVault(db, sealing)
  const journal = createJournal(dataDir, sealing)
  await readyHookSecrets(db, sealing, withWebhooks)
  allowStandIns(apps, egress)
  const lost = await apps.unreadable()
  if (lost.length)
    log.warn(
      { providers: lost },
      'secrets of apps at these providers do not open: enter them again (Connections, Set up providers)',
    )
  if (config.OURA_PERSONAL_ACCESS_TOKEN)
    log.warn('OURA_PERSONAL_ACCESS_TOKEN is not used: Oura has ended personal tokens. Connect Oura by signing in')
  const { stored, unreadable } = await journal.settleAll(vault.store)
  if (stored) log.info({ answers: stored }, 'tokens that a former process had received were stored')
  if (unreadable.length)
    log.error(
      { files: unreadable },
      'kept answers of token endpoints do not open: their connections may need a new sign-in',
    )
  const stopRewrapping = edges.isKeyChanging ? rewrapMeanwhile(edges, apps) : async () => undefined
  const stopForgetting = everyHour(
    'forgetting sign-ins that nobody came back from',
    () => db.asWriter(forgetOldStates),
    log,
  )
  const { lookAgainMs, onRenewal } = edges
  const { calls, renew } = createCalls({ db, egress, vault, journal, apps, clock, log, lookAgainMs, onRenewal })
  const stopping = new AbortController()
  const renewIdleNow = () => renewIdle({ db, renew, clock, log }, stopping.signal)
  const stopRenewing = everyHour('renewing sign-ins that lie idle', renewIdleNow, log, { atStart: true })
  const endOldWaysNow = () => endOldWays({ db, clock })
  const stopEnding = everyHour('ending ways in that providers have ended', endOldWaysNow, log, { atStart: true })
  return {
    apps,
    vault,
    calls,
    renewIdle: renewIdleNow,
    endOldWays: endOldWaysNow,
    link: createLink({ db, vault, apps, egress, clock }),
    bringTokens: createBringTokens(vault),
    broughtWith,
    stop: async () => {
      stopping.abort()
      await stopEnding()
      await stopRenewing()
      await stopRewrapping()
      await stopForgetting()
    },
  }
}

/** An operator who names a provider's address has said that it may be asked. */
function allowStandIns(apps: Apps, egress: Egress): void {
  for (const provider of providers) {
    const { baseUrl, authUrl } = apps.given(provider)
    for (const url of [baseUrl, authUrl]) if (url) egress.allow(url)
  }
}

/** After a fault it goes on a minute later; whatever is still wrapped by a former key stays readable. */
function rewrapMeanwhile({ db, dataDir, sealing, log }: ConnectEdges, apps: Apps): () => Promise<void> {
  const stopping = new AbortController()
  const work = async () => {
    while (!stopping.signal.aborted)
      try {
        const sealed = await sealAnew({ db, dataDir, sealing, apps }, stopping.signal)
        if (sealed?.lost.length)
          log.warn(
            { ...sealed },
            'what opens is sealed by ENCRYPTION_KEY now, and ENCRYPTION_KEY_PREVIOUS is not needed any more; what is lost no key opens that was given: it is left as it is, and the secret of an app is to be entered again',
          )
        else if (sealed)
          log.info(
            { ...sealed },
            'everything is sealed by ENCRYPTION_KEY now: ENCRYPTION_KEY_PREVIOUS is not needed any more',
          )
        return
      } catch (error) {
        log.warn({ err: error }, 'sealing with the new ENCRYPTION_KEY stopped; it goes on in a minute')
        await pause(60_000, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined) // stopped
      }
  }
  const underWay = work()
  return async () => {
    stopping.abort()
    await underWay
  }
}
