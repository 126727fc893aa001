/** `tributary keys`: the key that everything sealed hangs on, on the machine that has the data. */
import { Command } from 'commander'
import { type InstallationOptions, installationWords } from './find-installation.ts'
import { type Rotation, rotateKeys } from './keys/rotate-keys.ts'
import { runCommand } from './run-command.ts'
import { withDatabase } from './with-database.ts'

interface Options extends InstallationOptions {
  json?: true
}

const program = new Command('tributary keys')
  .description('The key that seals credentials')
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data is, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database, when it is not the embedded one (DATABASE_URL)')
  .addHelpText(
    'after',
    `
Examples:
  tributary keys rotate
  tributary keys rotate --data-dir /srv/tributary --json

The server must not run. Broken off, it is run again, or the server started: either goes on where it was.
Backups with secrets that were made before keep the former key and stay good.
Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
  )
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()

program
  .command('rotate')
  .description('Make a new encryption key and seal everything with it')
  .action(async () => {
    const options = program.opts<Options>()
    const rotation = await withDatabase(installationWords(options), rotateKeys)
    console.log(options.json ? JSON.stringify(rotation) : inWords(rotation))
  })

function inWords(rotation: Rotation): string {
  const { lost } = rotation
  return lost.length
    ? `${sealedInWords(rotation)}\nNo key that is given opens these, which are left as they are: ${lost.join(', ')}.`
    : sealedInWords(rotation)
}

function sealedInWords({ people, apps, hooks, key }: Rotation): string {
  const sealed = `the keys of ${people} people, the secrets of ${apps} apps and of ${hooks} addresses that providers call`
  if (key === 'from the environment')
    return `Sealed with ENCRYPTION_KEY: ${sealed}. ENCRYPTION_KEY_PREVIOUS is not needed any more.`
  return `${key === 'made' ? 'Sealed with a new key' : 'Finished what was broken off: sealed with its new key'}: ${sealed}.`
}

await runCommand(async () => {
  await program.parseAsync()
  return 0
})
