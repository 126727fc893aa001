/**
 * Makes package-lock.json anew under the pinned Node (`npm run lock`), complete for every platform.
 * A registry mirror may lack the binaries of other platforms; npm then leaves them out, and `npm ci` calls the lockfile stale everywhere.
 * Their versions are pinned by the packages that want them, so the missing entries can be written: without integrity, until a full registry adds it.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const npm = process.env.npm_execpath ?? 'npm'
const made = spawnSync(process.execPath, [npm, 'install', '--package-lock-only', '--ignore-scripts'], {
  cwd: root,
  stdio: 'inherit',
})
if (made.status !== 0) process.exit(1)

const path = `${root}/package-lock.json`
const lock = JSON.parse(readFileSync(path, 'utf8'))
const added = []
for (const entry of Object.values(lock.packages))
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || !/^\d+\.\d+\.\d+/.test(version)) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    }
    added.push(name)
  }
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} packages of other platforms added: ${added.join(', ')}`)

/** Platform packages carry their platform in their name; npm skips the ones that do not fit. */
function platformOf(name) {
  const has = (words) =>
    words.filter((word) => new RegExp(`(^|[-/])${word}($|[-./])`).test(name.replace('openharmony', 'ohos')))
  const os = has(['android', 'darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'ohos']).map(
    (word) => (word === 'ohos' ? 'openharmony' : word),
  )
  const cpu = has(['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32', 'mips64el'])
  if (/musl/.test(name)) return { os, cpu, libc: ['musl'] }
  if (/gnu|glibc/.test(name) && os.includes('linux')) return { os, cpu, libc: ['glibc'] }
  return { ...(os.length ? { os } : {}), ...(cpu.length ? { cpu } : {}) }
}
