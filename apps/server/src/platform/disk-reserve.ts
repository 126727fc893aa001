import { statfs } from 'node:fs/promises'
import { Problem } from './problem.ts'

export interface DiskReserve {
  /** Throws `storage_full` (507) while less than the reserve is free. */
  assertRoom(): void
  close(): void
}

export interface DiskReserveOptions {
  dir: string
  reserveMb: number
  everyMs?: number
  onChange: (full: boolean, freeMb: number) => void
  /** Free megabytes; replaced in tests. */
  measure?: (dir: string) => Promise<number>
}

/** PostgreSQL stops when the disk is full; new data is refused a little earlier, and taken again as soon as there is room. */
export async function watchDisk({
  dir,
  reserveMb,
  everyMs = 2_000,
  onChange,
  measure = freeMegabytes,
}: DiskReserveOptions): Promise<DiskReserve> {
  let full = false
  const look = async () => {
    const freeMb = await measure(dir)
    if (freeMb < reserveMb !== full) onChange(!full, freeMb)
    full = freeMb < reserveMb
  }
  await look()
  // A directory that cannot be asked says nothing about its room: the last answer stands.
  const timer = setInterval(() => void look().catch(() => undefined), everyMs).unref()
  return {
    assertRoom: () => {
      if (full)
        throw new Problem('storage_full', `Less than ${reserveMb} MB of disk are free; what is stored is safe`, {
          retryAfterSeconds: 30,
        })
    },
    close: () => clearInterval(timer),
  }
}

async function freeMegabytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return (bavail * bsize) / 2 ** 20
}
