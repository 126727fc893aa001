import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findBinaries } from '../../platform/postgres/find-binaries.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const project = new URL('../../../../../', import.meta.url)
const pathOf = (name: string) => fileURLToPath(new URL(name, project))
const oldestNode = 24
const dayMs = 86_400_000

export function checkMachine(usesEmbedded: boolean): Finding[] {
  return [checkNode(), checkPlatform(usesEmbedded), checkClock(), checkWebBuild()]
}

function checkNode(): Finding {
  const { node } = process.versions
  if (Number(node.split('.')[0]) >= oldestNode) return ok('Node', `${node} (${process.execPath})`)
  return fail('Node', `${node} is too old`, `use \`npm start\`, which brings Node ${oldestNode}, or install it`)
}

function checkPlatform(usesEmbedded: boolean): Finding {
  const machine = `${process.platform}-${process.arch}`
  if (!usesEmbedded) return ok('platform', machine)
  try {
    return ok('platform', `${machine}, PostgreSQL ${findBinaries().major} for it is installed`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('platform', `${machine}: ${reason}`, 'set DATABASE_URL to a PostgreSQL of your own')
  }
}

/** Nothing outside is asked: a clock that is behind the files it reads is wrong for certain. */
function checkClock(): Finding {
  const now = new Date()
  const made = statSync(pathOf('package.json')).mtime
  if (now.getTime() > made.getTime() - dayMs) return ok('clock', now.toISOString())
  return warn(
    'clock',
    `${now.toISOString()} is before this program was written here (${made.toISOString()})`,
    'set the clock (NTP): readings are kept by their time, and sign-ins end by it',
  )
}

function checkWebBuild(): Finding {
  if (existsSync(pathOf('apps/web/dist/index.html'))) return ok('web app', 'built')
  return warn('web app', 'not built: only the API answers', '`npm start` builds it')
}
