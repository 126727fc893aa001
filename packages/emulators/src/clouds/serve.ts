/** An emulated cloud at an address of this machine, for whoever speaks HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cloud, CloudOptions } from './cloud.ts'

export interface ServedCloud {
  /** `http://127.0.0.1:4810` */
  origin: string
  cloud: Cloud
  stop(): Promise<void>
}

/** Bodies of requests are small: an upload is no part of what is emulated. */
const bodyBytesMax = 1_000_000

const catchUpMs = 1_000

/** `make` gets the origin that was taken: `serveCloud((origin) => clouds.strava({ clock, seed: 1, origin, send: fetch }))`. */
export async function serveCloud(
  make: (origin: CloudOptions['origin']) => Cloud,
  { port = 0 }: { port?: number } = {},
): Promise<ServedCloud> {
  let cloud: Cloud | undefined
  const server = createServer((incoming, outgoing) => {
    if (!cloud) throw new Error('a request came before the cloud was there')
    answer(cloud, incoming, outgoing).catch((error: unknown) => {
      console.error(error)
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500).end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made = make(origin)
  cloud = made
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    made
      .catchUp()
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        isBusy = false
      })
  }, catchUpMs)
  timer.unref()
  return {
    origin,
    cloud: made,
    stop() {
      clearInterval(timer)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function answer(cloud: Cloud, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const given = new AbortController()
  outgoing.once('close', () => given.abort())
  const request = await requestOf(incoming, given.signal)
  if (!request) return void outgoing.writeHead(413).end()
  let response: Response
  try {
    response = await cloud.handle(request)
  } catch (error) {
    if (given.signal.aborted) return // they gave up waiting
    throw error
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  try {
    for await (const chunk of response.body ?? []) outgoing.write(chunk)
  } catch {
    // The answer is meant to end in the middle: what was written goes out, then the connection does.
    outgoing.socket?.destroySoon()
    return
  }
  outgoing.end()
}

async function requestOf(incoming: IncomingMessage, signal: AbortSignal): Promise<Request | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return null
    chunks.push(chunk)
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one)
  const method = incoming.method ?? 'GET'
  const hasBody = bytes > 0 && method !== 'GET' && method !== 'HEAD'
  const url = `http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`
  return new Request(url, { method, headers, signal, ...(hasBody ? { body: Buffer.concat(chunks) } : {}) })
}
