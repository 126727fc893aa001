import type { Command } from 'commander'
import type { CommonOptions } from './connection.ts'

/** Standard output is the answer: a table for people, or JSON with `--json`. Everything else goes to standard error. */
export function print(command: Command, answer: unknown, forPeople: string): void {
  const { json } = command.optsWithGlobals<CommonOptions>()
  process.stdout.write(`${json ? JSON.stringify(answer) : forPeople}\n`)
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Columns as wide as their widest cell; the last one runs free. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}
