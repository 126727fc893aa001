import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, SetUpError } from './root.mjs'

const oldestThatRunsUs = 24

/** The Node this project is pinned to, from the package of this platform; else the running one when it is new enough. */
export function findNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = Object.keys(optionalDependencies).find((one) => one.endsWith(`${platform}-${process.arch}`))
  const folder = name && join(root, 'node_modules', name, 'bin')
  const binary = folder && [join(folder, 'node'), join(folder, 'node.exe')].find((path) => existsSync(path))
  // It is made for glibc: where that is missing (Alpine) it is there and yet does not run.
  if (binary && spawnSync(binary, ['--version'], { windowsHide: true }).status === 0) return binary
  if (Number(process.versions.node.split('.')[0]) >= oldestThatRunsUs) return process.execPath
  throw new SetUpError(
    `no Node ${oldestThatRunsUs} could be installed for ${process.platform}-${process.arch}: install it yourself and try again`,
  )
}
