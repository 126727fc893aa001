/**
 * The database's own volume runs full where nobody looks: the reserve watches DATA_DIR, and the cluster lies on a disk of its own. So it is
 * PostgreSQL that finds no room, first for a table and then for its log, which ends it. Of a tmpfs, which takes root; `npm run prove disk`.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { chmod, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { appleExport } from '@tributary/formats/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findWrongChunks } from '../src/platform/samples/verify.ts'
import { freePort } from '../test/free-port.ts'
import { createProgram, type Program } from './program.ts'
import { signIn } from './sign-in.ts'
import { mountSmallDisk, unmountSmallDisk } from './small-disk.ts'

const disk = process.env['DEEP'] ? mountSmallDisk(500) : undefined
if (process.env['DEEP'] && !disk) console.log('a full volume of the database: skipped, only root can make a small disk')

let home: string
let program: Program

beforeAll(async () => {
  if (!disk) return
  home = mkdtempSync(join(tmpdir(), 'trb-database-full-'))
  await chmod(home, 0o755) // the database runs as somebody else
  const dataDir = join(home, 'data')
  program = createProgram(dataDir, await freePort())
  await program.start()
  await program.stop()
  // The cluster moves to the small disk, which is then put in its place.
  const cluster = join(dataDir, 'postgres')
  renameSync(cluster, join(home, 'moved'))
  mkdirSync(cluster)
  execFileSync('mount', ['--bind', disk, cluster])
  for (const tool of ['chown', 'chmod']) execFileSync(tool, ['--reference', join(home, 'moved'), cluster])
  execFileSync('cp', ['-a', `${join(home, 'moved')}/.`, cluster])
  await program.start()
}, 120_000)
afterAll(async () => {
  await program?.stop()
  if (!disk) return
  execFileSync('umount', ['-l', join(home, 'data', 'postgres')], { stdio: 'ignore' })
  await unmountSmallDisk(disk)
  await rm(home, { recursive: true, force: true })
})

const filler = () => join(disk as string, 'filler')

/** To the last byte. */
async function fill(): Promise<void> {
  const file = await open(filler(), 'a')
  try {
    for (const size of [1 << 20, 4_096])
      for (;;)
        try {
          await file.write(Buffer.alloc(size))
        } catch (error) {
          if ((error as { code?: string }).code === 'ENOSPC') break
          throw error
        }
  } finally {
    await file.close()
  }
}

test.skipIf(!disk)(
  'a full volume of the database loses nothing that was acknowledged, and all goes on by itself when there is room',
  async () => {
    const token = await signIn(program)
    const call = async (
      method: string,
      path: string,
      body?: string | Uint8Array<ArrayBuffer>,
      type = 'application/json',
    ) => {
      const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': type } : {}) }
      const answer = await fetch(`${program.url}/api/v1${path}`, { method, headers, ...(body ? { body } : {}) })
      const text = await answer.text()
      return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> }
    }
    const made = await call(
      'POST',
      '/devices',
      JSON.stringify({ device_type: 'watch', device_name: 'Watch', integration_type: 'api' }),
    )
    const device = made.body['device_id'] as string
    let minute = 0
    /** Answers what it was told; what was not taken is not sent again, so that each acknowledged value counts once. */
    const upload = () => {
      const values = Array.from({ length: 1_000 }, () => ({
        timestamp: new Date(Date.UTC(2024, 0, 1) + minute++ * 60_000).toISOString(),
        value: 60 + (minute % 40),
      }))
      return call('POST', `/devices/${device}/data`, JSON.stringify({ data_type: 'heart_rate', values }))
    }
    let acknowledged = 0
    const untilTaken = async () => {
      for (const begun = Date.now(); ; await pause(200)) {
        if ((await upload()).status === 201) break
        if (Date.now() - begun > 30_000) throw new Error('nothing is taken although there is room')
      }
      acknowledged += 1_000
    }
    await untilTaken()
    /** Values of each source. */
    const held = async () => {
      const { items } = (await call('GET', '/series')).body as { items?: { source_id: string; n: number }[] }
      const sums: Record<string, number> = {}
      for (const { source_id, n } of items ?? []) sums[source_id] = (sums[source_id] ?? 0) + n
      return sums
    }
    const [source = ''] = Object.keys(await held())

    // An import is being read when a table can no longer grow.
    const file = await exportOf(30)
    const sent = await call('POST', '/imports?filename=export.xml', file, 'application/octet-stream')
    expect(sent.status).toBe(202)
    const look = async () => {
      const { body } = await call('GET', `/imports/${sent.body['import_id']}`)
      return body as { status: string; samples: number; files?: { reason: string | null }[] }
    }
    await fill()
    for (let n = 0; n < 20; n++) {
      const { status, body } = await upload()
      if (status === 201) acknowledged += 1_000
      else expect([status, body['code']]).toEqual([507, 'storage_full'])
    }
    const upload507 = await upload()
    expect(upload507.status).toBe(507)
    expect((await call('POST', '/imports?filename=b.xml', file, 'application/octet-stream')).body).toMatchObject({
      code: 'storage_full',
    })
    await expect.poll(async () => (await look()).files?.[0]?.reason, { timeout: 20_000 }).toContain('The disk is full')
    expect((await look()).status).toBe('reading')

    // Its log cannot grow either: PostgreSQL ends, and cannot start again.
    const isDown = async () => (await fetch(`${program.url}/health`)).status === 503
    while (!(await isDown()))
      await program
        .look((client) => client.query(`select pg_logical_emit_message(false, 'fill', repeat('x', 4000000))`))
        .catch(() => pause(50)) // this is how it ends
    const refused = await upload()
    expect([refused.status, refused.body['code']]).toEqual([503, 'database_unavailable'])

    await rm(filler())
    await untilTaken()
    await expect.poll(async () => (await look()).status, { timeout: 90_000, interval: 200 }).toBe('done')
    expect((await look()).files?.[0]?.reason).toBeNull()
    expect(await held(), 'what was acknowledged, and nothing twice').toMatchObject({ [source]: acknowledged })
    const before = await held()
    const again = await call('POST', '/imports?filename=export.xml', file, 'application/octet-stream')
    const ended = async () => (await call('GET', `/imports/${again.body['import_id']}`)).body
    await expect.poll(async () => (await ended())['finished_at'], { timeout: 60_000, interval: 200 }).toBeTruthy()
    expect(await ended(), 'the first reading had stored all of it').toMatchObject({
      samples: 0,
      rejected: 0,
    })
    expect(await held()).toEqual(before)
    const wrong = await program.look(async (client) => {
      await client.query('set search_path to tributary')
      return findWrongChunks(client)
    })
    expect(wrong).toEqual([])
  },
  240_000,
)

async function exportOf(megabytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of appleExport({ bytes: megabytes * 1e6 })) chunks.push(chunk)
  return Uint8Array.from(Buffer.concat(chunks))
}
