/** What is not the API: the web app, the contract and its docs, and a page for every problem. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Parts } from '../../parts.ts'
import { Problem } from '../problem.ts'
import { serveDocs } from './docs.ts'
import { findFrameOrigins } from './frame-origins.queries.ts'

const webRoot = fileURLToPath(new URL('../../../../web/dist/', import.meta.url))
const problemRoot = new URL('../../../../../docs/problems/', import.meta.url)
const policy = { config: { policy: 'public' as const } }

export async function servePages(app: FastifyInstance, parts: Parts): Promise<void> {
  await serveDocs(app, parts)
  await serveProblems(app)
  if (existsSync(webRoot)) await serveWeb(app, parts)
}

async function serveWeb(app: FastifyInstance, { db }: Parts): Promise<void> {
  const index = await readFile(`${webRoot}/index.html`, 'utf8')
  await app.register(fastifyStatic, { root: webRoot, serve: false })
  for (const file of await readdir(webRoot, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.name === 'index.html') continue
    const path = `${file.parentPath}/${file.name}`.slice(webRoot.length).replace(/^\/+/, '')
    const hashed = path.startsWith('assets/')
    app.get(`/${path}`, policy, (_request, reply) =>
      reply.sendFile(path, { immutable: hashed, maxAge: hashed ? '365d' : '1h' }),
    )
  }
  // Any other path is a page of the app, which finds its own way; the API's unknown paths stay 404.
  app.get('/*', policy, async (request, reply) => {
    if (/^\/(api|providers|hooks)\//.test(request.url)) throw new Problem('not_found')
    const session = framedBy.exec(request.url)?.[1]
    if (session) letFrame(reply, await findFrameOrigins(db.lookup, session))
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(index)
  })
}

/** The connect page, as another app frames it. */
const framedBy = /^\/connect\?(?:[^#]*&)?session=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:&|$)/

/** Only the apps that the session names; without one, nobody, as everywhere. */
function letFrame(reply: FastifyReply, origins: readonly string[]): void {
  if (!origins.length) return
  const policy = String(reply.getHeader('content-security-policy') ?? '')
  reply.header(
    'content-security-policy',
    policy.replace("frame-ancestors 'none'", `frame-ancestors ${origins.join(' ')}`),
  )
  reply.removeHeader('x-frame-options') // it cannot name them
  reply.header('cross-origin-opener-policy', 'unsafe-none') // who opened the page in a window is told what happens there
}

/** `type` of a problem leads here. Plain text: it reads well in a browser and in a terminal. */
async function serveProblems(app: FastifyInstance): Promise<void> {
  if (!existsSync(problemRoot)) return
  for (const name of await readdir(problemRoot)) {
    if (!name.endsWith('.md') || name === 'README.md') continue
    const page = await readFile(new URL(name, problemRoot), 'utf8')
    app.get(`/problems/${name.slice(0, -3)}`, policy, (_request, reply) =>
      reply.type('text/markdown; charset=utf-8').send(page),
    )
  }
}
