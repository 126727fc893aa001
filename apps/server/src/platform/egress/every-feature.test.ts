/**
 * Every feature that asks somebody else's server, with every hostile address in every way that one can come: outright, by a redirect,
 * by a name that leads inside. What is counted are attempts of this process to connect, at the socket. That no other part of the
 * server opens one is what `npm run check` sees to (`only-egress-goes-out`).
 */
import { readdir, readFile } from 'node:fs/promises'
import { createServer as createHttp, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcp, isIPv4, Socket, type Server as TcpServer } from 'node:net'
import { ProviderError } from '@tributary/providers/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webUrl } from '../../setting.ts'
import { must } from '../must.ts'
import { Problem } from '../problem.ts'
import { createEgress, type Egress } from './egress.ts'
import { EgressRefused } from './refused.ts'
import { type Feature, features, NothingCame, type Told } from './test-features.ts'
import { hostileUrls, insiders } from './test-hostile-urls.ts'

/** Stands in for every brand, is let be asked as an operator's stand-in is, and leads whoever asks below `/r/7` to the seventh address. */
let cloud: Server
let cloudUrl: string
let redirected = 0
/** Nobody may connect to it. */
let trap: TcpServer
let trapPort: number
let urls: string[]
/** Where this process tried to connect to, but for the stand-in. */
const attempts: string[] = []
let egress: Egress
let asked = 0
/** Names lead inside, by turns alone and beside an address of the world. */
let looks = 0

const { connect } = Socket.prototype

beforeAll(async () => {
  trap = createTcp((socket) => socket.destroy())
  await new Promise<void>((resolve) => trap.listen(0, '::', resolve))
  trapPort = (trap.address() as AddressInfo).port
  urls = hostileUrls(trapPort)
  cloud = createHttp((request, response) => {
    redirected++
    const location = urls[Number(/^\/r\/(\d+)/.exec(request.url ?? '')?.[1])] ?? ''
    response.writeHead(302, { location: encodeURI(location) }).end()
  })
  await new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve))
  const { port } = cloud.address() as AddressInfo
  cloudUrl = `http://127.0.0.1:${port}`
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    this.on('connectionAttempt', (ip: string, to: number) => to === port || attempts.push(`${ip} ${to}`))
    return Reflect.apply(connect, this, given)
  } as typeof connect
  egress = createEgress({ allow: [cloudUrl], ports: [443, trapPort], resolve: async () => lookInside() })
  const { request } = egress
  egress.request = (sent) => {
    asked++
    return request(sent)
  }
})
afterAll(async () => {
  Socket.prototype.connect = connect
  await egress.close()
  cloud.closeAllConnections()
  await Promise.all([cloud, trap].map((server) => new Promise((resolve) => server.close(resolve))))
})

const insideOf6 = ['::1', '::ffff:127.0.0.1', 'fd00::1', 'fe80::1%eth0', '64:ff9b::7f00:1', '2002:7f00:1::']
const insides = [...insiders.map((address) => address.join('.')), ...insideOf6] // an odd number: each comes both ways

function lookInside() {
  const inside = must(insides[looks++ % insides.length], 'there are some')
  const addresses = looks % 2 ? [inside] : ['93.184.215.14', inside]
  return addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }))
}

const ways = {
  outright: (n: number, of: Feature): Told => {
    const url = urls[n] ?? ''
    const isConfigured = of.told === 'configured'
    return {
      standIns: isConfigured ? { baseUrl: url, authUrl: url } : {},
      address: (path) => url + path.slice(1),
      n,
    }
  },
  'by a redirect': (n: number): Told => {
    const url = `${cloudUrl}/r/${n}`
    return { standIns: { baseUrl: url, authUrl: url }, address: (path, ofBrand) => ofBrand + path, n }
  },
  'by a name that leads inside': (n: number): Told => ({
    standIns: {},
    address: (path, ofBrand) => ofBrand + path,
    n,
  }),
}

const isRefusal = (error: unknown) =>
  [EgressRefused, ProviderError, Problem, NothingCame].some((kind) => error instanceof kind)

test('an attempt to connect that nobody judged is counted', async () => {
  const unguarded = createEgress({ allow: [`http://127.0.0.1:${trapPort}`] })
  await expect(unguarded.request({ method: 'GET', url: `http://127.0.0.1:${trapPort}/` })).rejects.toThrow()
  await unguarded.close()
  expect(attempts.splice(0)).toEqual([`127.0.0.1 ${trapPort}`])
})

const cases = Object.keys(features).flatMap((name) => Object.keys(ways).map((way) => [name, way] as const))

test.each(cases)('%s, told %s to ask inside, makes no connection there', async (name, way) => {
  const feature = must(features[name], 'it is in the table')
  // Of a name it does not matter how it is spelt, but where it leads.
  const tries = way === 'by a name that leads inside' ? 4 * insides.length : urls.length
  const before = { asked, redirected }
  const unexpected: unknown[] = []
  const attempt = async (n: number) => {
    const told = ways[way as keyof typeof ways](n, feature)
    const { authUrl } = told.standIns
    if (authUrl !== undefined && !webUrl.safeParse(authUrl).success) return // no configuration takes it
    await feature.ask(egress, told).then(
      (answer) => unexpected.push([urls[n], answer]),
      (error) => isRefusal(error) || unexpected.push([urls[n], error]),
    )
  }
  for (let at = 0; at < tries; at += 25)
    await Promise.all(Array.from({ length: Math.min(25, tries - at) }, (_, i) => attempt(at + i)))
  expect(attempts.splice(0)).toEqual([])
  expect(unexpected).toEqual([])
  // An address in an answer that is not the brand's is refused before the guard is asked.
  const reached = way === 'outright' && feature.told === 'answered' ? tries : asked - before.asked
  expect(reached).toBeGreaterThanOrEqual(way === 'by a name that leads inside' ? 2 * insides.length : 400)
  if (way === 'by a redirect') expect(redirected - before.redirected).toBeGreaterThanOrEqual(400)
})

/** Whoever asks by `Calls` is told by them whom to ask; these ask the guard themselves. */
const asking = ['create-calls', 'dry-run', 'renew-tokens', 'sign-in-by-oauth1', 'sign-in-to', 'try-app']

test('nobody else has the guard ask for them', async () => {
  const src = new URL('../../', import.meta.url)
  const files = (await readdir(src, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !/(^|\/)test-|\.test\.ts$/.test(name),
  )
  const found: string[] = []
  for (const name of files)
    if (/\begress\.request\(|\bsend\(egress\b/.test(await readFile(new URL(name, src), 'utf8'))) found.push(name)
  expect(found.sort()).toEqual(asking.map((name) => `connect/${name}.ts`))
})
