import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import { type Finding, fail, ok } from './finding.ts'

/** Free for us to take, ours already, or somebody else's. */
export async function checkPort({ HOST, PORT, TLS_CERT_FILE }: Config): Promise<Finding> {
  if (PORT === 0) return ok('port', 'any free one')
  const running = await askHealth(`${TLS_CERT_FILE ? 'https' : 'http'}://${reachable(HOST)}:${PORT}/health`)
  if (running) return ok('port', `${PORT}: ${running} answers there`)
  const fault = await tryToListen(HOST, PORT)
  if (!fault) return ok('port', `${PORT} on ${HOST} is free`)
  if (fault === 'EADDRINUSE')
    return fail('port', `${PORT} on ${HOST} is taken by another program`, 'stop it, or set PORT to another one')
  if (fault === 'EACCES') return fail('port', `this user may not open port ${PORT}`, 'set PORT above 1023')
  if (fault === 'EADDRNOTAVAIL')
    return fail('port', `this machine does not have the address ${HOST}`, 'set HOST to one of its addresses')
  return fail('port', `${HOST}:${PORT} cannot be opened (${fault})`, 'set HOST and PORT to what this machine has')
}

/** The name and version of a server of ours, or undefined when what answers is none, or nothing does. */
async function askHealth(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    const { service, version, database } = (await answer.json()) as Record<string, unknown>
    return service && database ? `${service} ${version} (database ${database})` : undefined
  } catch {
    return undefined // refused, silent or not JSON: in every case not us
  }
}

const reachable = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

function tryToListen(host: string, port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  return promise
}
