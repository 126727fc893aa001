import { text as textOf } from 'node:stream/consumers'
import { confirm, isCancel, password, select, text } from '@clack/prompts'
import { CommandError, UsageError } from './exit.ts'

/** Questions go to standard error, so that standard output stays the answer alone. */
const output = process.stderr
const canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY)

export async function askText(message: string, option: string): Promise<string> {
  if (!canAsk()) throw new UsageError(`${message}? Say it with ${option}: there is no terminal to ask on`)
  return answered(await text({ message, output }))
}

async function askPassword(message: string, option: string): Promise<string> {
  if (!canAsk()) throw new UsageError(`${message}? Give it with ${option}: there is no terminal to ask on`)
  return answered(await password({ message, output }))
}

/** `--password-stdin` is for scripts: a command line can be read by others. */
export async function givenPassword({ passwordStdin }: { passwordStdin?: true }): Promise<string> {
  if (passwordStdin) return (await textOf(process.stdin)).replace(/\r?\n$/, '')
  return askPassword('Password', '--password-stdin')
}

/** What was not said is asked where there is somebody to ask, and left at `preset` elsewhere. */
export async function askTextOr(message: string, preset: string): Promise<string> {
  return canAsk() ? answered(await text({ message, output, initialValue: preset })) : preset
}

export async function askOneOf<T extends string>(message: string, of: readonly T[], preset: T): Promise<T> {
  if (!canAsk()) return preset
  const options = of.map((value) => ({ value, label: value }))
  return answered(await select<string>({ message, output, options, initialValue: preset })) as T
}

export async function askWhether(message: string, option: string): Promise<boolean> {
  if (!canAsk()) throw new UsageError(`${message} Say so with ${option}: there is no terminal to ask on`)
  return answered(await confirm({ message, output, initialValue: false }))
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new CommandError('cancelled')
  return answer as Exclude<T, symbol>
}
