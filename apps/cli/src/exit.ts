import { ProblemError } from '@tributary/sdk'
import { CommanderError } from 'commander'

/** What the exit code says; documented in the help of every command. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Foreseen, and told in one line. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** Runs the command line to its end. Whatever goes wrong ends in one line on standard error and the right exit code. */
export async function endWith(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.exitCode = tell(error)
  }
}

function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage // it has told already
  if (error instanceof UsageError) {
    console.error(`tributary: ${error.message}`)
    return exitCodes.usage
  }
  console.error(error instanceof Error ? `tributary: ${describeError(error)}` : error)
  return exitCodes.failed
}

export function describeError(error: Error): string {
  if (error instanceof ProblemError) return describeProblem(error)
  if (error instanceof CommandError) return error.message
  // `fetch failed` alone helps nobody: the reason is in its cause.
  if (error instanceof TypeError && error.cause instanceof Error) return describeConnection(error.cause)
  return error.stack ?? error.message
}

function describeProblem({ code, status, message, fields }: ProblemError): string {
  const wrong = fields.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`).join('')
  const next = status === 401 ? '\n  Sign in with `tributary login`, or give an API key with --token.' : ''
  return `${message} (${code})${wrong}${next}`
}

function describeConnection(cause: NodeJS.ErrnoException): string {
  const reason = cause.code === 'ECONNREFUSED' ? 'nothing answers there' : cause.message || cause.code
  return `the server cannot be reached: ${reason}\n  Is it running (tributary start), and is --url right?`
}
