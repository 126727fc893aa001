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

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // it has said what is wrong
  if (!(error instanceof Error)) throw error
  const isUsage = error instanceof UsageError || error instanceof ConfigError
  const isForeseen = isUsage || foreseen.some((kind) => error instanceof kind)
  console.error(isForeseen ? `tributary: ${error.message}${reasonOf(error)}` : error)
  return isUsage ? 2 : 1
}

const reasonOf = ({ cause }: Error) => (cause instanceof Error ? ` (${cause.message})` : '')
