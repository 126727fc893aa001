import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A tmpfs, which is full when it says so. Undefined where it cannot be made: that takes root, and no container that forbids it. */
export function mountSmallDisk(megabytes: number): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'trb-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' })
    return dir
  } catch {
    return undefined
  }
}

export async function unmountSmallDisk(dir: string): Promise<void> {
  execFileSync('umount', ['-l', dir], { stdio: 'ignore' })
  await rm(dir, { recursive: true, force: true })
}
