/** A disk that runs full under an upload and under an import, made of a tmpfs; that takes root. */
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { appleExport } from '@tributary/formats/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findWrongChunks } from '../src/platform/samples/verify.ts'
import { freePort } from '../test/free-port.ts'
import { createProgram, type Program } from './program.ts'
import { signIn } from './sign-in.ts'
import { mountSmallDisk, unmountSmallDisk } from './small-disk.ts'

const reserveMb = 64
const mounted = mountSmallDisk(1_200)
if (!mounted) console.log('disk full: skipped, only root can make a small disk')

let program: Program

beforeAll(async () => {
  if (!mounted) return
  program = createProgram(join(mounted, 'data'), await freePort(), {
    env: { DISK_RESERVE_MB: String(reserveMb) },
    compacting: true,
  })
  await program.start()
}, 120_000)
afterAll(async () => {
  await program?.stop()
  if (mounted) await unmountSmallDisk(mounted)
})

/** Leaves so much free. */
async function fillUpTo(freeMb: number): Promise<void> {
  const { bavail, bsize } = await statfs(mounted as string)
  await writeFile(filler(), Buffer.alloc(Math.max(0, bavail * bsize - freeMb * 1e6)))
}

const filler = () => join(mounted as string, 'filler')
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

test.skipIf(!mounted)(
  'a full disk is answered 507 or waited for, and everything goes on by itself when there is room',
  async () => {
    const bytes = await exportOf(30)
    const headers = { authorization: `Bearer ${await signIn(program)}`, 'tus-resumable': '1.0.0' }
    const made = await fetch(`${program.url}/api/v1/uploads`, {
      method: 'POST',
      headers: { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': 'filename ZXhwb3J0LnhtbA==' },
    })
    const url = `${program.url}${made.headers.get('location')}`
    const piece = async (from: number, to: number) => {
      const answer = await fetch(url, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) },
        body: Uint8Array.from(bytes.subarray(from, to)),
      })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    }
    const offset = async () => Number((await fetch(url, { method: 'HEAD', headers })).headers.get('upload-offset'))

    await fillUpTo(reserveMb / 2)
    await pause(2_500) // the program looks every two seconds
    const refused = await piece(0, bytes.length)
    expect(refused.status).toBe(507)
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'storage_full' })
    await rm(filler())
    await pause(2_500)

    let at = await offset()
    let done = await piece(at, Math.min(at + 8_000_000, bytes.length))
    for (at = await offset(); done.status === 204 && at < bytes.length; at = await offset())
      done = await piece(at, Math.min(at + 8_000_000, bytes.length))
    expect(done.status).toBe(204)
    await program.stop() // in the middle of reading it; it looks at the disk when it starts
    await fillUpTo(reserveMb / 2)
    await program.start()
    const look = async () => {
      const id = done.headers.get('tributary-import-id')
      const answer = await fetch(`${program.url}/api/v1/imports/${id}`, { headers })
      return (await answer.json()) as { status: string; samples: number; files: { reason: string | null }[] }
    }
    await expect.poll(async () => (await look()).files[0]?.reason, { timeout: 20_000 }).toContain('The disk is full')
    expect(['queued', 'reading']).toContain((await look()).status)
    await rm(filler())
    await expect.poll(async () => (await look()).status, { timeout: 60_000, interval: 200 }).toBe('done')
    const { samples, files } = await look()
    expect(samples).toBeGreaterThan(25_000)
    expect(files[0]?.reason).toBeNull()
    const wrong = await program.look(async (client) => {
      await client.query('set search_path to tributary')
      return findWrongChunks(client)
    })
    expect(wrong).toEqual([])
  },
  180_000,
)

async function exportOf(megabytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of appleExport({ bytes: megabytes * 1e6 })) chunks.push(chunk)
  return Buffer.concat(chunks)
}
