/**
 * `npm run prove [kills | backup | imports | keys | timing | disk | bombs | deep …]`: the heavy proofs. They say what they tried, with the seed, and end with 1 at the first promise that does not hold.
 * kills: 300 × kill -9, half of them in a compaction, and 50 database restarts under load · backup: ten million samples backed up and restored, row for row · imports: 10 × kill -9 in the middle of 200 MB · keys: 10,000 credentials wrapped anew with a new encryption key while people sync, and 5 × kill -9 in the middle · bombs: inputs that swell, each thrown at a program that somebody else works with · timing: whether refusals tell which accounts exist · disk: a volume that is really full under the program and under its database · deep: the property tests with ten times as many inputs, the mutation and migration tests at full size.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { runBackup } from './backup-run.ts'
import { throwBombs } from './bomb-run.ts'
import { killImports } from './import-kills.ts'
import { killInKeyChange } from './key-kills.ts'
import { runKills } from './kill-run.ts'
import { timeRefusals } from './sign-in-timing.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Tests that look at DEEP, or draw as many inputs as it says. */
const deepTests = [
  'packages/protocol',
  'packages/formats',
  'apps/server/src/platform',
  'apps/server/src/connect',
  'apps/server/src/imports',
  'apps/server/src/ingest',
  'apps/server/src/query',
  'apps/server/src/receive',
  'apps/server/src/resolve',
  'apps/server/src/runs',
  'apps/server/src/sessions',
]

const proofs: Record<string, () => Promise<boolean>> = {
  kills: async () => {
    // In stretches, so that a fault is told when it is found and not at the end.
    for (let part = 0; part < 10; part++) {
      const report = await runKills({ kills: 15, killsInCompaction: 15, databaseRestarts: 5, seed: seed + part })
      console.log(
        `kills ${(part + 1) * 30}, ${report.inCompaction} of the last 30 in a compaction, database restarts ${(part + 1) * 5}, seed ${seed + part}: ${report.acknowledged} of ${report.uploads} uploads and ${report.imports} imports acknowledged, ${report.points} points stored, ${report.chunks} chunks recounted, ${report.faults.length} faults`,
      )
      if (report.faults.length) {
        console.log(report.faults.join('\n'))
        return false
      }
    }
    return true
  },
  backup: async () => {
    const { faults, samples, rows, megabytes, seconds } = await runBackup({ samples: 10_000_000, seed })
    console.log(
      `${samples} samples in ${rows} rows: written in ${seconds.fill.toFixed(1)} s, backed up in ${seconds.backup.toFixed(1)} s (${megabytes.toFixed(1)} MB), restored in ${seconds.restore.toFixed(1)} s, ${faults.length} faults`,
    )
    if (faults.length) console.log(faults.join('\n'))
    return faults.length === 0
  },
  imports: async () => {
    const kills = 10
    const { faults, inTheMiddle, resumedAt, samples, chunks } = await killImports({ kills, megabytes: 200, seed })
    console.log(
      `${inTheMiddle} kills in the middle of an import of 200 MB, whose upload was cut at ${resumedAt} bytes: ${samples} samples, ${chunks} chunks recounted, ${faults.length} faults`,
    )
    if (inTheMiddle < kills) faults.push('too few kills met it')
    if (faults.length) console.log(faults.join('\n'))
    return faults.length === 0
  },
  keys: async () => {
    const [credentials, kills] = [10_000, 5]
    const begun = performance.now()
    const report = await killInKeyChange({ credentials, kills, seed })
    const { faults, killedAt, unreadable, syncs, renewals, reads } = report
    console.log(
      `${credentials} credentials wrapped anew in ${((performance.now() - begun) / 1_000).toFixed(0)} s, with kills when ${killedAt.join(', ')} were, under ${syncs} syncs asked for, ${renewals} renewals and ${reads} reads: ${unreadable} unreadable, ${faults.length} faults`,
    )
    if (faults.length) console.log(faults.join('\n'))
    return faults.length === 0
  },
  timing: async () => {
    const { guesses, medianKnownMs, medianUnknownMs, p } = await timeRefusals({ guesses: 2_000, seed })
    console.log(
      `${guesses} guesses: median ${medianKnownMs.toFixed(2)} ms at an account, ${medianUnknownMs.toFixed(2)} ms at none, Mann-Whitney p = ${p.toFixed(3)}`,
    )
    return p > 0.05
  },
  disk: () => runTests(['apps/server/prove/database-full.db.test.ts', 'apps/server/prove/disk-full.db.test.ts']),
  bombs: async () => {
    const only = process.env['BOMBS']
    const report = await throwBombs({
      say: console.log,
      ...(only === undefined ? {} : { only: (name) => new RegExp(only).test(name) }),
    })
    const { bombs, faults, slowest, hungriest, grownMegabytes, quietP99, loudP99, requests } = report
    console.log(
      `${bombs} bombs: the slowest refused after ${Math.round(slowest.ms)} ms (${slowest.name}), the hungriest ${Math.round(hungriest.megabytes)} MB (${hungriest.name}), ${Math.round(grownMegabytes)} MB over all; ${requests} requests of somebody else p99 ${loudP99.toFixed(1)} ms, ${quietP99.toFixed(1)} ms in quiet; ${faults.length} faults`,
    )
    if (faults.length) console.log(faults.join('\n'))
    return faults.length === 0
  },
  deep: () => runTests(deepTests),
}

async function runTests(paths: readonly string[]): Promise<boolean> {
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=7200000', ...paths], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DEEP: '1', FC_SEED: String(seed) },
  })
  const [code] = (await once(vitest, 'exit')) as [number | null]
  return code === 0
}

console.log(`seed ${seed} (SEED sets another)`)
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('-'))
for (const [name, prove] of Object.entries(proofs)) {
  if (chosen.length && !chosen.includes(name)) continue
  console.log(`\n${name}`)
  if (await prove()) continue
  console.log(`${name}: does not hold`)
  process.exit(1)
}
console.log('\nall held')
