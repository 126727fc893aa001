import { basename } from 'node:path'
import type { Client } from '@tributary/sdk'
import type { Command } from 'commander'
import { connect } from '../connection.ts'
import { describeError, exitCodes } from '../exit.ts'
import { findActivityFiles } from '../find-activity-files.ts'
import { print } from '../output.ts'
import { createProgressBar } from '../progress-bar.ts'
import { type FileResult, sendFile } from '../send-file.ts'

interface Outcome {
  path: string
  ok: boolean
  import_id?: string
  error?: string
  file?: FileResult
}

export function addImport(program: Command): void {
  program
    .command('import')
    .argument('<files...>', 'FIT, TCX or GPX files, also as .gz, or folders that hold such files')
    .description('Import activity files')
    .addHelpText(
      'after',
      `
The same file twice adds nothing twice, so an import that was interrupted can simply be run again.

Examples:
  tributary import morning-ride.fit
  tributary import ~/Downloads/activities
  tributary import *.gpx --json | jq '.[] | select(.ok | not)'

Exit codes: 0 every file was taken, 1 one or more were not, 2 the command line is wrong.`,
    )
    .action((files: string[], _options, command: Command) => importFiles(files, command))
}

async function importFiles(given: string[], command: Command): Promise<void> {
  const paths = await findActivityFiles(given)
  const client = await connect(command)
  const bar = createProgressBar()
  const outcomes: Outcome[] = []
  for (const [index, path] of paths.entries()) {
    const place = paths.length > 1 ? `${index + 1} of ${paths.length}  ` : ''
    outcomes.push(await importOne(client, path, (part, doing) => bar.show(part, `${place}${basename(path)}  ${doing}`)))
  }
  bar.clear()
  print(command, outcomes, outcomes.map(describe).join('\n'))
  if (outcomes.some(({ ok }) => !ok)) process.exitCode = exitCodes.failed
}

/** One file that cannot be taken does not keep the others out. */
async function importOne(
  client: Client,
  path: string,
  onProgress: (part: number, doing: string) => void,
): Promise<Outcome> {
  try {
    const { importId, file } = await sendFile(client, path, onProgress)
    const ok = file.status !== 'failed' && file.status !== 'cancelled'
    return { path, ok, import_id: importId, file, ...(file.reason && !ok ? { error: file.reason } : {}) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { path, ok: false, error: describeError(error) }
  }
}

function describe({ path, ok, error, file }: Outcome): string {
  const name = basename(path)
  if (!ok || !file) return `failed  ${name}  ${error ?? 'no reason was given'}`
  if (file.status === 'duplicate') return `known   ${name}  imported before: nothing was added`
  const parts = [
    count(file.sessions, 'session'),
    count(file.samples, 'new sample'),
    ...(file.changed ? [`${figure(file.changed)} changed`] : []),
    ...(file.duplicates ? [`${figure(file.duplicates)} known already`] : []),
    ...(file.rejected ? [`${figure(file.rejected)} rejected`] : []),
  ]
  const warnings = file.warnings.map(({ detail }) => `\n          ${detail}`).join('')
  return `done    ${name}  ${parts.join(', ')}${warnings}`
}

const figure = (n: number) => n.toLocaleString('en')
const count = (n: number, noun: string) => `${figure(n)} ${noun}${n === 1 ? '' : 's'}`
