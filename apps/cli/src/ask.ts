import { confirm, isCancel, password, text } from '@clack/prompts'
import { CommandError, UsageError } from './exit.ts'

/** Questions go to standard error, so that standard output stays the answer alone. */
const output = process.stderr
const canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY)

export async function askText(message: string, option: string): Promise<string> {
  if (!canAsk()) throw new UsageError(`${message}? Say it with ${option}: there is no terminal to ask on`)
  return answered(await text({ message, output }))
}

export async function askPassword(message: string, option: string): Promise<string> {
  if (!canAsk()) throw new UsageError(`${message}? Give it with ${option}: there is no terminal to ask on`)
  return answered(await password({ message, output }))
}

export async function askWhether(message: string, option: string): Promise<boolean> {
  if (!canAsk()) throw new UsageError(`${message} Say so with ${option}: there is no terminal to ask on`)
  return answered(await confirm({ message, output, initialValue: false }))
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new CommandError('cancelled')
  return answer as Exclude<T, symbol>
}
