/**
 * The only way out: every request that this program makes to somebody else's server goes through here. The address is resolved once,
 * every address of it is judged, and the connection is made to what was judged. No proxy, no redirect unless the caller asks for it,
 * and each hop is judged anew.
 */
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { ProviderError } from '@tributary/providers/kit'
import { Agent, buildConnector, errors } from 'undici'
import { type Allowed, createAllowed } from './allowed.ts'
import { assertAddress, assertUrl, usualPorts } from './judge.ts'
import { EgressRefused } from './refused.ts'
import { type Resolve, resolveBySystem } from './resolve.ts'

export interface EgressRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  url: URL | string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  signal?: AbortSignal
  /** Of the answer, as it arrives and unpacked; 10 MB when absent. */
  maxBytes?: number
  /** How many redirects of a GET are followed; none when absent, three at most. A redirect that is not followed is an answer like others. */
  redirects?: 0 | 1 | 2 | 3
  /** For everything from the first look-up to the last byte; two minutes when absent. */
  timeoutMs?: number
}

export interface EgressAnswer {
  status: number
  headers: Headers
  /** Unpacked. */
  bytes: Uint8Array
}

export interface Egress {
  /**
   * Throws `EgressRefused` for an address that is not asked, with nothing sent; `ProviderError('unavailable')` when no whole answer
   * came, `ProviderError('bad_data')` for one that is too large or damaged.
   */
  request(request: EgressRequest): Promise<EgressAnswer>
  /** Lets an origin be asked though it is private or plain HTTP: an operator named it, or it is ours. Answers how to take that back. */
  allow(origin: string): () => void
  close(): Promise<void>
}

export interface EgressOptions {
  /** Hosts an operator listed: `nas.local`, `192.168.1.5:8080`, and origins of base URLs. */
  allow?: readonly string[]
  resolve?: Resolve
  /** Of everything that is not listed. */
  ports?: readonly number[]
  connectTimeoutMs?: number
  /** The longest silence before and within an answer. */
  silenceMs?: number
}

const defaultMaxBytes = 10 * 1024 * 1024
const redirectStatuses = new Set([301, 302, 303, 307, 308])

export function createEgress({
  allow = [],
  resolve = resolveBySystem,
  ports = usualPorts,
  connectTimeoutMs = 10_000,
  silenceMs = 30_000,
}: EgressOptions = {}): Egress {
  const allowed = createAllowed(allow)
  const judge = (url: URL | string) => assertUrl(url, allowed, ports)
  const agent = new Agent({
    connect: guardedConnector(judge, allowed, resolve, connectTimeoutMs),
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxHeaderSize: 32_768,
    connections: 32,
    pipelining: 1,
    allowH2: false,
  })

  async function request(asked: EgressRequest): Promise<EgressAnswer> {
    const { maxBytes = defaultMaxBytes, redirects = 0, timeoutMs = 120_000 } = asked
    const late = AbortSignal.timeout(timeoutMs)
    const signal = asked.signal ? AbortSignal.any([asked.signal, late]) : late
    let url = judge(asked.url)
    let headers = asked.headers ?? {}
    for (let hops = 0; ; hops++) {
      const answer = await ask(agent, { ...asked, url, headers, maxBytes, signal })
      const target = answer.headers.get('location')
      if (hops >= redirects || asked.method !== 'GET' || !redirectStatuses.has(answer.status) || !target) return answer
      if (!URL.canParse(target, url.href))
        throw new EgressRefused('not_an_address', 'a redirect leads to what is no address')
      const next = judge(new URL(target, url.href))
      if (next.origin !== url.origin) headers = withoutSecrets(headers)
      url = next
    }
  }

  return { request, allow: allowed.add, close: () => agent.destroy() } // whoever asks has stopped: nobody waits for a server that hangs
}

/** Judges where a connection goes at the moment it is made: a name by all its addresses, a literal address by itself. */
function guardedConnector(
  judge: (url: string) => URL,
  allowed: Allowed,
  resolve: Resolve,
  timeout: number,
): buildConnector.connector {
  const connect = (lookup?: LookupFunction) => buildConnector({ timeout, ...(lookup ? { lookup } : {}) } as never)
  const guarded = connect((hostname, _options, done) => {
    resolve(hostname)
      .then((addresses) => {
        if (!addresses.length) throw new EgressRefused('not_found', 'this name has no address')
        for (const { address } of addresses) assertAddress(address)
        ;(done as (error: null, found: unknown) => void)(null, addresses)
      })
      .catch((error: Error) => done(error as NodeJS.ErrnoException, []))
  })
  const free = connect()
  return (options, done) => {
    const origin = `${options.protocol}//${options.hostname}:${options.port || (options.protocol === 'https:' ? 443 : 80)}`
    try {
      judge(origin) // a literal address is never looked up
    } catch (error) {
      return done(error as Error, null)
    }
    return allowed.has(new URL(origin)) ? free(options, done) : guarded(options, done)
  }
}

async function ask(
  agent: Agent,
  { method, url, headers, body, signal, maxBytes }: EgressRequest & { url: URL; maxBytes: number },
): Promise<EgressAnswer> {
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
    const said = headersOf(answer.headers)
    const packed = await collect(answer.body, maxBytes)
    const bytes = method === 'HEAD' ? packed : await unpack(packed, said, maxBytes)
    return { status: answer.statusCode, headers: said, bytes }
  } catch (error) {
    throw translate(error, url)
  }
}

function headersOf(given: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given))
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  return headers
}

async function collect(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > maxBytes) throw tooLarge(maxBytes) // leaving the loop ends the connection
    parts.push(part)
  }
  return Buffer.concat(parts, length)
}

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

async function unpack(packed: Buffer, headers: Headers, maxBytes: number): Promise<Buffer> {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase()
  if (!encoding || encoding === 'identity' || !packed.length) return packed
  if (!Object.hasOwn(unpackers, encoding))
    throw new ProviderError('bad_data', 'an answer is packed in a way nobody asked for')
  try {
    return await unpackers[encoding as keyof typeof unpackers](packed, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new ProviderError('unavailable', 'an answer ended too early or arrived damaged', { cause: error })
  }
}

const tooLarge = (maxBytes: number) =>
  new ProviderError('bad_data', `an answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`)

/** A token in an address or a header must not stand in what is logged: of what failed only the host and the kind are told. */
function translate(error: unknown, url: URL): Error {
  if (error instanceof EgressRefused || error instanceof ProviderError) return error
  const inner = (error as { cause?: unknown })?.cause
  if (inner instanceof EgressRefused) return inner
  if (error instanceof AggregateError) {
    const refused = error.errors.find((one) => one instanceof EgressRefused)
    if (refused) return refused
  }
  if (error instanceof errors.InvalidArgumentError)
    return new EgressRefused('malformed', 'a request has parts that cannot be sent')
  const { code, name } = error as NodeJS.ErrnoException
  return new ProviderError('unavailable', `${url.hostname} gave no answer (${code ?? name})`)
}

/** What is meant for one server is not told to another. */
function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['accept', 'accept-language', 'user-agent']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name.toLowerCase())))
}
