/**
 * The first account owns the installation. Whoever holds the one-time link may make it, and so may somebody at this very machine.
 * The link stands in DATA_DIR/setup-link until there is an owner.
 */
import { timingSafeEqual } from 'node:crypto'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { Read } from '../platform/db/database.ts'
import { isThisMachine } from '../platform/http/guard-host.ts'
import { hashToken, makeToken } from '../platform/tokens.ts'
import { hasOwner } from './lookups.queries.ts'

export interface Setup {
  needsOwner(): Promise<boolean>
  /** May this request make the first account? */
  mayCreateOwner(request: FastifyRequest, token: string | undefined): boolean
  /** Writes the link for this address and answers it; undefined when there is an owner. */
  offerLink(url: string): Promise<string | undefined>
  /** There is an owner now: the link has done its work. */
  close(): Promise<void>
}

export async function createSetup(dataDir: string, lookup: Read): Promise<Setup> {
  const path = join(dataDir, 'setup-link')
  const token = (await readToken(path)) ?? makeToken('setup')
  let owned = false // an owner never goes away, so yes need not be asked twice

  const needsOwner = async () => {
    owned ||= await hasOwner(lookup)
    return !owned
  }
  const close = async () => {
    owned = true
    await rm(path, { force: true })
  }
  return {
    needsOwner,
    mayCreateOwner: (request, given) =>
      isThisMachine(request) || (given !== undefined && timingSafeEqual(hashToken(given), hashToken(token))),
    offerLink: async (url) => {
      if (!(await needsOwner())) {
        await close()
        return undefined
      }
      const link = `${url.replace(/\/+$/, '')}/setup?token=${token}`
      await writeFile(path, `${link}\n`, { mode: 0o600, flush: true })
      await chmod(path, 0o600) // the mode above counts only for a new file
      return link
    },
    close,
  }
}

/** A restart keeps the link that was already copied. */
async function readToken(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return /token=(trs_[\w-]{43})$/.exec(text.trim())?.[1]
}
