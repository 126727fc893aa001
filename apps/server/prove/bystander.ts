/**
 * Somebody else, who looks at their sessions all the time: in a thread of its own, because whoever makes and sends bombs of a hundred
 * megabytes is busy, and that is not the program's fault.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'

export interface Look {
  /** When it was answered, as `Date.now()` says it. */
  at: number
  ms: number
  status: number
}

interface Told {
  url: string
  token: string
}

export function lookAround(told: Told) {
  let looks: Look[] = []
  const failed = new Set<number>()
  const worker = new Worker(new URL(import.meta.url), { workerData: told })
  worker.on('message', (look: Look) => {
    looks.push(look)
    if (look.status !== 200) failed.add(look.status)
  })
  worker.on('error', () => failed.add(0))
  return {
    failed,
    /** The times of those that were begun since. */
    take: (since: number): number[] => {
      const taken = looks
      looks = []
      return taken.filter(({ at, ms }) => at - ms >= since).map(({ ms }) => ms)
    },
    stop: () => worker.terminate(),
  }
}

async function look({ url, token }: Told): Promise<never> {
  for (;;) {
    const begun = performance.now()
    const answer = await fetch(`${url}/api/v1/sessions`, { headers: { authorization: `Bearer ${token}` } })
    await answer.arrayBuffer()
    parentPort?.postMessage({ at: Date.now(), ms: performance.now() - begun, status: answer.status } satisfies Look)
    await pause(10)
  }
}

if (parentPort) await look(workerData as Told)
