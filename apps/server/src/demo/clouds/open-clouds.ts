/** Starts the thread and lends its clouds; a provider that an operator has set up keeps its own app. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { findProvider } from '@tributary/providers'
import type { Connect } from '../../connect/connect.ts'
import type { Egress } from '../../platform/egress/egress.ts'
import type { Log } from '../../platform/log.ts'
import type { CloudsTask, FromThread, OpenedCloud, ToThread } from './thread-messages.ts'

export interface DemoClouds {
  /** Ids of providers that have a cloud here. */
  providers: readonly string[]
  /** Signs somebody in at the authorize URL and answers where they are sent. */
  walk(url: string, account: string | null): Promise<URL>
  stop(): Promise<void>
}

export interface CloudsEdges {
  connect: Pick<Connect, 'apps'>
  egress: Pick<Egress, 'allow'>
  log: Log
}

const seed = 2_026
const days = 30
const most = 2

export async function openClouds(
  { connect, egress, log }: CloudsEdges,
  hubOrigins: readonly string[],
): Promise<DemoClouds> {
  const task: CloudsTask = {
    seed,
    days,
    most,
    hubOrigins: [...hubOrigins],
    callbackPath: '/api/v1/integrations/{provider}/callback',
  }
  const thread = new Worker(new URL('./clouds-thread.ts', import.meta.url), { workerData: task })
  thread.unref()
  const asked = new Map<number, { resolve(url: URL): void; reject(error: Error): void }>()
  thread.on('error', (error) => {
    log.error({ err: error }, 'the emulated clouds of the demo ended')
    for (const { reject } of asked.values()) reject(error)
  })
  const opened = await firstWords(thread)
  thread.on('message', (message: FromThread) => {
    if (!('answer' in message)) return
    const waiting = asked.get(message.answer)
    asked.delete(message.answer)
    if ('location' in message) waiting?.resolve(new URL(message.location))
    else waiting?.reject(new Error(message.error))
  })
  const undo = opened.map((cloud) => lend(cloud, connect, egress))
  let asks = 0
  return {
    providers: opened.map(({ provider }) => provider),
    walk: (url, account) =>
      new Promise((resolve, reject) => {
        const ask = asks++
        asked.set(ask, { resolve, reject })
        thread.postMessage({ ask, url, account } satisfies ToThread)
      }),
    async stop() {
      for (const takeBack of undo) takeBack()
      await thread.terminate()
    },
  }
}

async function firstWords(thread: Worker): Promise<OpenedCloud[]> {
  const [message] = (await once(thread, 'message')) as [FromThread]
  if (!('opened' in message)) throw new Error('broken assumption: the thread says first what it opened')
  return message.opened
}

function lend(
  { provider, origin, clientId, clientSecret, extra }: OpenedCloud,
  { apps }: Pick<Connect, 'apps'>,
  egress: Pick<Egress, 'allow'>,
): () => void {
  if (!findProvider(provider)) throw new Error(`broken assumption: ${provider} is a provider`)
  const forbid = egress.allow(origin)
  const takeBack = apps.lend(provider, {
    keys: { clientId, clientSecret, extra },
    standIns: { baseUrl: origin, authUrl: origin },
  })
  return () => {
    takeBack()
    forbid()
  }
}
