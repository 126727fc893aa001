import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { settings } from '../config.ts'

type Environment = Record<string, string | undefined>

/** The command line is wrong; the message says how. Ends with exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

const project = fileURLToPath(new URL('../../../../', import.meta.url))

/**
 * What was asked for, with every setting by its name: the command line wins over the environment, and that over `.env`.
 * DATA_DIR of `.env`, or none at all, means a folder of the project, wherever the command is called from.
 */
export function readSettings(words: readonly string[], env: Environment = process.env, folder = project): Environment {
  const file = join(folder, '.env')
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const dataDir = resolve(folder, written['DATA_DIR'] || (settings.DATA_DIR.preset ?? '.'))
  return { ...written, DATA_DIR: dataDir, ...withoutEmpty(env), ...settingsOf(words) }
}

/** An empty variable is one that was not given: `.env` counts then. */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
}

/** `--port 9000` and `--port=9000` set PORT, and so on for every setting that is no secret. */
function settingsOf(words: readonly string[]): Record<string, string> {
  const given: Record<string, string> = {}
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, flag, inline] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word) ?? []
    const name = flag?.replaceAll('-', '_').toUpperCase()
    const setting = name && Object.hasOwn(settings, name) ? settings[name as keyof typeof settings] : undefined
    if (!name || !setting) throw new UsageError(`unknown option ${word}; --help lists what there is`)
    if ('secret' in setting)
      throw new UsageError(
        `${word.split('=')[0]} is secret, and a command line can be read by others: set ${name} in the environment`,
      )
    // `--demo` alone switches on, as everybody expects of a switch.
    const isSwitch = setting.takes === 'true or false' && inline === undefined && !/^[^-]/.test(rest[0] ?? '-')
    const value = isSwitch ? 'true' : (inline ?? rest.shift())
    if (value === undefined || (inline === undefined && value.startsWith('--')))
      throw new UsageError(`--${flag} takes ${setting.takes}`)
    given[name] = value
  }
  return given
}

/** Every setting as an option, for `--help`. */
export function describeSettings(): string {
  const lines = Object.entries(settings)
    .filter(([, { effect }]) => effect === 'now')
    .map(([name, setting]) => {
      const option = 'secret' in setting ? name : `--${name.toLowerCase().replaceAll('_', '-')}`
      const preset = setting.preset ? ` Default: ${setting.preset}.` : ''
      return `  ${option.padEnd(28)} ${setting.does} Takes ${setting.takes}.${preset}`
    })
  return lines.join('\n')
}
