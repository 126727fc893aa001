/** `tributary verify`: whether the database, or a backup, still is what was written. Changes nothing. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import { readBackup } from './backup/read-backup.ts'
import { type InstallationOptions, installationWords } from './find-installation.ts'
import { runCommand } from './run-command.ts'
import { recount } from './verify/recount.queries.ts'
import { withDatabase } from './with-database.ts'

interface Options extends InstallationOptions {
  json?: true
}

/** Named one by one; the count tells of all. */
const listed = 20

const program = new Command('tributary verify')
  .description('Check that the stored samples, or a backup file, are what was written')
  .argument('[file]', 'a backup; without one the database is looked at')
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data is, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database, when it is not the embedded one (DATABASE_URL)')
  .addHelpText(
    'after',
    `
The database: every stored day and piece of every series is unpacked and counted, and must equal what its header says.
A backup: it is read to its end, and every table must have the rows and the hash that it had.

Examples:
  tributary verify
  tributary verify /backups/tributary-2026-03-01.trb --json

Exit codes: 0 all is as it was written, 1 something is not, 2 the command line is wrong.`,
  )
  .exitOverride()

let isSound = true

program.action(async (file: string | undefined) => {
  const options = program.opts<Options>()
  await (file === undefined ? verifyDatabase(options) : verifyFile(resolve(file), options))
})

async function verifyFile(path: string, { json }: Options): Promise<void> {
  const { header, rows } = await readBackup(path)
  const { created_at, program: writer, tables, with_secrets } = header
  if (json)
    console.log(JSON.stringify({ file: path, sound: true, created_at, rows, tables: tables.length, with_secrets }))
  else
    console.log(
      `${path} is whole: ${rows.toLocaleString('en')} rows of ${tables.length} tables, written ${created_at} by version ${writer}, ${with_secrets ? 'with' : 'without'} secrets.`,
    )
}

async function verifyDatabase(options: Options): Promise<void> {
  const { wrong, days, pieces, samples } = await withDatabase(installationWords(options), ({ db }) => recount(db))
  isSound = wrong.length === 0
  const figure = (n: number) => n.toLocaleString('en')
  const places = `${figure(days)} packed days and ${figure(pieces)} pieces`
  if (options.json)
    console.log(
      JSON.stringify({
        sound: isSound,
        days,
        pieces,
        samples,
        wrong: wrong.slice(0, listed),
        wrong_total: wrong.length,
      }),
    )
  else if (isSound) console.log(`${figure(samples)} samples in ${places} are as they were written.`)
  else {
    console.log(`${figure(wrong.length)} of ${places} are not as they were written:`)
    for (const { seriesId, day, reason } of wrong.slice(0, listed))
      console.log(`  series ${seriesId}, ${new Date(day * 86_400_000).toISOString().slice(0, 10)}: ${reason}`)
  }
}

await runCommand(async () => {
  await program.parseAsync()
  return isSound ? 0 : 1
})
