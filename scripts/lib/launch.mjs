import { delimiter, dirname, join } from 'node:path'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { findNode } from './pinned-node.mjs'
import { root, SetUpError, say } from './root.mjs'
import { ensureWebBuilt } from './web-build.mjs'

/**
 * V8 would let garbage of a large import grow to 190 MB before it looks: with nurseries of 16 MB it is half, for no more time. Nor may
 * they begin small: what is collected too early moves to the old, which then stands still for 25 ms every second of many small uploads.
 */
const thrifty = ['--min-semi-space-size=16', '--max-semi-space-size=16']

/** Of glibc; the reasons stand at `environmentFor`. */
const thriftyMalloc = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
}

const tasks = {
  start: { file: 'apps/server/src/main.ts', flags: thrifty, web: true, kept: true },
  test: { file: 'scripts/test.mjs', web: true },
  check: { file: 'scripts/check.mjs' },
  prove: { file: 'apps/server/prove/main.ts' },
  bench: { file: 'apps/server/bench/main.ts', web: true },
  screens: { file: 'apps/web/test/screens.ts', web: true },
  generate: { file: 'scripts/generate.mjs' },
  doctor: { file: 'apps/server/src/commands/doctor.ts', kept: true },
  backup: { file: 'apps/server/src/commands/backup.ts', kept: true },
  restore: { file: 'apps/server/src/commands/restore.ts', kept: true },
  verify: { file: 'apps/server/src/commands/verify.ts', kept: true },
  migrate: { file: 'apps/server/src/commands/migrate.ts', kept: true },
  keys: { file: 'apps/server/src/commands/keys.ts', kept: true },
  users: { file: 'apps/server/src/commands/users.ts', kept: true },
  views: { file: 'apps/server/src/commands/views.ts', kept: true },
  cli: { file: 'apps/cli/src/main.ts', kept: true },
}

/** Does all set-up, then runs the task under the pinned Node and answers its exit code. */
export async function launch(name, args) {
  try {
    const task = tasks[name]
    if (!task) throw new SetUpError(`unknown task ${name}; one of ${Object.keys(tasks).join(', ')}`, 2)
    if (process.env.TRIBUTARY_SET_UP !== root) await ensureInstalled()
    const node = findNode()
    const onlyAsks = args.some((word) => ['--help', '-h', '--version'].includes(word))
    if (task.web && !onlyAsks) await ensureWebBuilt(node)
    return await runToEnd(node, [...(task.flags ?? []), join(root, task.file), ...args], {
      env: environmentFor(task, node),
    })
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(error.message)
    return error.exitCode
  }
}

/**
 * Whatever the task starts in turn finds our Node and our tools first, and does not install under its feet.
 * Compiled code is kept: it halves the time of a start. Columns of numbers are made in one thread and freed in another, for
 * which glibc would keep memory apart for each: two arenas instead of eight a core save 65 MB during an import. And it would
 * learn from the first large buffer that is freed to keep the memory of all later ones: told a limit it gives back what is
 * larger, which saves 50 MB more.
 */
function environmentFor({ kept }, node) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH' // `Path` on Windows
  const path = [dirname(node), join(root, 'node_modules/.bin'), process.env[pathName] ?? ''].join(delimiter)
  const cache = kept ? { NODE_COMPILE_CACHE: join(root, '.cache/node') } : {}
  return { ...thriftyMalloc, ...cache, ...process.env, [pathName]: path, TRIBUTARY_SET_UP: root }
}
