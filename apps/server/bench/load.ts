import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { LoadOrder, LoadResult } from './load-client.ts'

/** Runs one load in a process of its own and answers its figures. `onStart` is called when the first request is about to leave. */
export async function runLoad(order: LoadOrder, onStart: () => void = () => undefined): Promise<LoadResult> {
  const client = fork(new URL('./load-client.ts', import.meta.url), { execArgv: ['--max-old-space-size=8192'] })
  client.send(order)
  await once(client, 'message') // the bodies are made
  onStart()
  client.send('go')
  const [result] = (await once(client, 'message')) as [LoadResult]
  if (result.errors)
    throw new Error(`${result.errors} of ${result.requests} requests failed, the first with: ${result.firstError}`)
  return result
}
