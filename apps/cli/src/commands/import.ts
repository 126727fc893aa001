import { basename } from 'node:path'
import type { Command } from 'commander'
import { type CommonOptions, connection } from '../connection.ts'
import { CommandError, exitCodes, UsageError } from '../exit.ts'
import { findFiles, kindOf } from '../find-files.ts'
import { describe, importOne, type Outcome } from '../import-outcome.ts'
import { note, print } from '../output.ts'
import { createProgressBar } from '../progress-bar.ts'
import { watchFolder } from '../watch-folder.ts'

interface ImportOptions extends CommonOptions {
  watch?: true
  every: string
}

export function addImport(program: Command): void {
  program
    .command('import')
    .argument('<files...>', 'files, also as .gz and .zip, or folders that hold such files')
    .description('Import activities and archives: FIT, TCX, GPX, Apple Health, Takeout, Zepp, CSV and more')
    .option('--watch', 'go on and send what appears in the folder, until it is stopped')
    .option('--every <seconds>', 'with --watch: how often to look', '5')
    .addHelpText(
      'after',
      `
The same file twice adds nothing twice, so an import that was interrupted can simply be run again.
--watch sends a file once it has stopped growing, and remembers by its content what it has sent, also after a restart.

Examples:
  tributary import morning-ride.fit
  tributary import ~/Downloads/activities
  tributary import ~/Downloads/export.zip
  tributary import --watch ~/Sync/garmin
  tributary import *.gpx --json | jq '.[] | select(.ok | not)'

Exit codes: 0 every file was taken, 1 one or more were not, 2 the command line is wrong.`,
    )
    .action((files: string[], _options, command: Command) => {
      const { watch } = command.optsWithGlobals<ImportOptions>()
      return watch ? watchAndImport(files, command) : importFiles(files, command)
    })
}

async function importFiles(given: string[], command: Command): Promise<void> {
  const paths = await findFiles(given)
  const server = await connection(command)
  const bar = createProgressBar()
  const outcomes: Outcome[] = []
  for (const [index, path] of paths.entries()) {
    const place = paths.length > 1 ? `${index + 1} of ${paths.length}  ` : ''
    outcomes.push(await importOne(server, path, (part, doing) => bar.show(part, `${place}${basename(path)}  ${doing}`)))
  }
  bar.clear()
  print(command, outcomes, outcomes.map(describe).join('\n'))
  if (outcomes.some(({ ok }) => !ok)) process.exitCode = exitCodes.failed
}

async function watchAndImport(given: string[], command: Command): Promise<void> {
  const { every } = command.optsWithGlobals<ImportOptions>()
  const seconds = Number(every)
  if (!(seconds > 0)) throw new UsageError(`--every got "${every}"; it takes a number of seconds`)
  const [folder, ...more] = given
  if (!folder || more.length) throw new UsageError('--watch takes one folder')
  if ((await kindOf(folder)) !== 'folder') throw new CommandError(`${folder} is no folder`)
  const server = await connection(command)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  note(`watching ${folder} for ${server.url}; Ctrl-C ends it`)
  const bar = createProgressBar()
  await watchFolder({
    folder,
    server: server.url,
    everyMs: seconds * 1_000,
    signal: stopping.signal,
    send: async (path) => {
      const outcome = await importOne(server, path, (part, doing) => bar.show(part, `${basename(path)}  ${doing}`))
      bar.clear()
      print(command, outcome, describe(outcome))
      // What the server has read and refused will not get better; what never got there is tried again.
      return outcome.ok || outcome.import_id !== undefined
    },
  })
}
