import { CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { plainWords } from './plain-words.ts'
import { UsageError } from './settings-given.ts'

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
  const words = plainWords(error)
  console.error(words ? `tributary: ${words}` : error)
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1
}
