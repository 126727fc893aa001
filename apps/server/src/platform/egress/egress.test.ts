import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { ProviderError } from '@tributary/providers/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress, type Egress } from './egress.ts'
import { isPublicAddress } from './judge.ts'
import { EgressRefused } from './refused.ts'
import { hostileUrls, insiders } from './test-hostile-urls.ts'

/** Hears every connection to this machine's own addresses. */
let trap: TcpServer
let trapped = 0
let port: number
let open: Server
let openUrl: string

beforeAll(async () => {
  trap = createTcp((socket) => {
    trapped++
    socket.on('error', () => undefined)
    socket.destroy()
  })
  await new Promise<void>((resolve) => trap.listen(0, '::', resolve)) // both families
  port = (trap.address() as AddressInfo).port
  open = createServer((request, response) => {
    const path = request.url ?? ''
    if (path === '/echo') response.end(JSON.stringify(request.headers))
    else if (path === '/packed') response.setHeader('content-encoding', 'gzip').end(gzipSync('{"a":1}'))
    else if (path === '/bomb') response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000)))
    else if (path === '/large') response.end(Buffer.alloc(3_000_000))
    else if (path === '/cut')
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy())
    else if (path === '/silent') return
    else if (path.startsWith('/hop/'))
      response.writeHead(302, { location: Number(path.slice(5)) ? `/hop/${Number(path.slice(5)) - 1}` : '/echo' }).end()
    else if (path.startsWith('/to?')) response.writeHead(307, { location: decodeURIComponent(path.slice(4)) }).end()
    else response.writeHead(404).end('none')
  })
  await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve))
  openUrl = `http://127.0.0.1:${(open.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => trap.close(resolve))
  open.closeAllConnections()
  await new Promise((resolve) => open.close(resolve))
})

async function withEgress<T>(
  options: Parameters<typeof createEgress>[0],
  work: (egress: Egress) => Promise<T>,
): Promise<T> {
  const egress = createEgress(options)
  try {
    return await work(egress)
  } finally {
    await egress.close()
  }
}

const refusalOf = (egress: Egress, url: string, redirects: 0 | 3 = 0) =>
  egress.request({ method: 'GET', url, redirects, timeoutMs: 3_000 }).then(
    () => 'was answered',
    (error: unknown) => (error instanceof EgressRefused ? error.reason : `failed otherwise: ${error}`),
  )

test('no spelling of an inside address makes one connection, and each is refused with a reason', async () => {
  const urls = hostileUrls(port)
  expect(urls.length).toBeGreaterThan(550)
  await withEgress(
    {
      ports: [443, port],
      resolve: async () => {
        throw new Error('nothing of this is looked up')
      },
    },
    async (egress) => {
      const answers = await Promise.all(urls.map(async (url) => [url, await refusalOf(egress, url)] as const))
      const reasons = ['not_an_address', 'scheme', 'port', 'userinfo', 'private_address']
      expect(answers.filter(([, reason]) => !reasons.includes(reason))).toEqual([])
    },
  )
  expect(trapped).toBe(0)
})

test('a name that means an inside address, alone or beside a public one, is not asked', async () => {
  const inside = [
    ...insiders.map((address) => address.join('.')),
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    'fe80::1%eth0',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ]
  for (const address of inside)
    for (const beside of [[], ['93.184.215.14']])
      await withEgress(
        {
          ports: [port],
          resolve: async () => [...beside, address].map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
        },
        async (egress) => expect(await refusalOf(egress, `https://brand.example.com:${port}/`)).toBe('private_address'),
      )
  expect(trapped).toBe(0)
})

test('a name that changes its mind between two looks is looked up once and judged by what is connected to', async () => {
  let looks = 0
  const resolve = async () => [{ address: looks++ % 2 ? '127.0.0.1' : '192.0.2.1', family: 4 }]
  await withEgress({ ports: [port], resolve, connectTimeoutMs: 200 }, async (egress) => {
    for (let attempt = 0; attempt < 20; attempt++)
      expect(await refusalOf(egress, `https://rebinding.example.com:${port}/`)).toBe('private_address')
  })
  expect(looks).toBe(20)
  expect(trapped).toBe(0)
})

test('each hop of a redirect is judged; without leave none is followed', async () => {
  await withEgress({ allow: [openUrl], ports: [443, port] }, async (egress) => {
    for (const target of [
      `https://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `https://0x7f000001:${port}/`,
      'file:///etc/passwd',
      `https://[::ffff:127.0.0.1]:${port}/`,
      'http://169.254.169.254/latest/meta-data/',
    ])
      expect(['private_address', 'scheme']).toContain(
        await refusalOf(egress, `${openUrl}/to?${encodeURIComponent(target)}`, 3),
      )
    const plain = await egress.request({ method: 'GET', url: `${openUrl}/hop/0` })
    expect(plain.status).toBe(302)
    expect((await egress.request({ method: 'GET', url: `${openUrl}/hop/2`, redirects: 3 })).status).toBe(200)
    expect((await egress.request({ method: 'GET', url: `${openUrl}/hop/3`, redirects: 3 })).status).toBe(302)
    expect((await egress.request({ method: 'POST', url: `${openUrl}/hop/0`, redirects: 3 })).status).toBe(302)
  })
  expect(trapped).toBe(0)
})

test('a redirect to another server takes no token with it', async () => {
  const other = openUrl.replace('127.0.0.1', 'localhost')
  await withEgress({ allow: [openUrl, other] }, async (egress) => {
    const url = `${openUrl}/to?${encodeURIComponent(`${other}/echo`)}`
    const { bytes } = await egress.request({
      method: 'GET',
      url,
      redirects: 1,
      headers: { authorization: 'Bearer x', accept: 'text/plain' },
    })
    const heard = JSON.parse(Buffer.from(bytes).toString())
    expect(heard).toMatchObject({ accept: 'text/plain' })
    expect(heard).not.toHaveProperty('authorization')
  })
})

test('what an operator listed is asked, over http too, and only that', async () => {
  const { port: listed } = new URL(openUrl)
  await withEgress({ allow: [`127.0.0.1:${listed}`], ports: [443, port] }, async (egress) => {
    expect((await egress.request({ method: 'GET', url: `${openUrl}/echo` })).status).toBe(200)
    expect(await refusalOf(egress, `https://127.0.0.1:${port}/`)).toBe('private_address')
    const takeBack = egress.allow(`http://localhost:${listed}`)
    expect((await egress.request({ method: 'GET', url: `http://localhost:${listed}/echo` })).status).toBe(200)
    takeBack()
    expect(await refusalOf(egress, `http://localhost:${listed}/echo`)).toBe('scheme')
  })
  expect(trapped).toBe(0)
})

test('an answer is unpacked, and one that is too large, packed or not, cut off or silent ends with a reason', async () => {
  await withEgress({ allow: [openUrl], silenceMs: 150 }, async (egress) => {
    const ask = (path: string, maxBytes = 1_000_000) =>
      egress.request({ method: 'GET', url: `${openUrl}${path}`, maxBytes })
    expect(Buffer.from((await ask('/packed')).bytes).toString()).toBe('{"a":1}')
    for (const path of ['/bomb', '/large']) await expect(ask(path)).rejects.toMatchObject({ fault: 'bad_data' })
    for (const path of ['/cut', '/silent']) await expect(ask(path)).rejects.toMatchObject({ fault: 'unavailable' })
    await expect(ask('/echo\r\nX: 1').then((a) => a.status)).resolves.toBe(404) // the URL's parser drops them
    await expect(
      egress.request({ method: 'GET', url: `${openUrl}/echo`, headers: { x: 'a\r\nb: c' } }),
    ).rejects.toThrow(EgressRefused)
    await expect(
      egress.request({ method: 'GET', url: `${openUrl}/echo?secret=s`, signal: AbortSignal.abort() }),
    ).rejects.toThrow(ProviderError)
  })
})

test('public addresses are public, in the form that networks without IPv4 give them too', () => {
  for (const address of [
    '1.1.1.1',
    '93.184.215.14',
    '99.255.255.255',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
    '64:ff9b::808:808',
  ])
    expect([address, isPublicAddress(address)]).toEqual([address, true])
})
