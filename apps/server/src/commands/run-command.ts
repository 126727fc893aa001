import { CommanderError } from 'commander'
import { CommandError } from '../accounts/commands.ts'
import { ConfigError } from '../config.ts'
import { MigrationError } from '../platform/db/migrate.ts'
import { WrongKeyError } from '../platform/sealing.ts'
import { UsageError } from './settings-given.ts'

const foreseen = [CommandError, MigrationError, WrongKeyError]

/** Ends the process as every command of ours does: 0 done, 1 failed, 2 the command line or a setting is wrong. */
export async function runCommand(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work()
  } catch (error) {
    process.exitCode = explain(error)
  }
}

/** Says what went wrong: in one line when it was foreseen, with everything there is when it was not. Answers the exit code. */
export function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // it has said what is wrong
  const isUsage = error instanceof UsageError || error instanceof ConfigError
  const line = isUsage || foreseen.some((kind) => error instanceof kind) ? messageOf(error as Error) : denied(error)
  console.error(line ? `tributary: ${line}` : error)
  return isUsage ? 2 : 1
}

const messageOf = ({ message, cause }: Error) => (cause instanceof Error ? `${message} (${cause.message})` : message)

/** The usual reason is a first start as root and a later one as somebody else. */
function denied(error: unknown): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException
  if (!path || !code || !['EACCES', 'EPERM', 'EROFS'].includes(code)) return undefined
  return `this user may not use ${path} (${code}): start as the user it belongs to, or set DATA_DIR to another folder`
}
