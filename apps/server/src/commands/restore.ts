/** `tributary restore`: a backup into an empty database. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { CommandError } from '../accounts/commands.ts'
import { replaceSecret } from '../platform/secrets.ts'
import { type Forgotten, lookAt } from './backup/copy-in.queries.ts'
import { clearLine, showTable } from './backup/progress.ts'
import { readBackup } from './backup/read-backup.ts'
import { type BackedSecrets, openSecrets } from './backup/recovery-key.ts'
import { knownMigrations, restoreBackup } from './backup/restore-backup.ts'
import { setAside } from './backup/set-aside.ts'
import {
  findInstallation,
  type Installation,
  type InstallationOptions,
  installationWords,
} from './find-installation.ts'
import { runCommand } from './run-command.ts'
import { UsageError } from './settings-given.ts'

interface Options extends InstallationOptions {
  json?: true
  force?: true
  recoveryKeyFile?: string
}

const program = new Command('tributary restore')
  .description('Put a backup into an empty database; the server must not run')
  .argument('<file>', 'what `tributary backup` wrote')
  .option(
    '--recovery-key-file <path>',
    'the recovery key of its secrets (or TRIBUTARY_RECOVERY_KEY in the environment)',
  )
  .option(
    '--force',
    'where there is data already: set the data folder aside under another name and restore into a new one',
  )
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data will be, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database, when it is not the embedded one (DATABASE_URL)')
  .addHelpText(
    'after',
    `
The file is read to its end before anything is changed, and the restore happens whole or not at all. A backup of an older version is brought up to this one.
Without its recovery key, or its DATA_DIR/secrets in place, all data is kept; people connect their providers again, and you enter your apps' secrets again.

Examples:
  tributary restore /backups/tributary-2026-03-01.trb
  tributary restore /backups/whole.trb --recovery-key-file /safe/recovery-key --data-dir /srv/tributary
  tributary restore /backups/whole.trb --force

Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
  )
  .exitOverride()
  .action(restore)

async function restore(given: string): Promise<void> {
  const options = program.opts<Options>()
  const path = resolve(given)
  const { sealedSecrets, header } = await readBackup(path)
  // All that can be wrong with the backup itself is said before anything is set aside.
  await knownMigrations(header, path)
  const backed = sealedSecrets === undefined ? undefined : await secretsOf(sealedSecrets, options)
  if (backed) assertSameKey(backed)
  const { installation, aside } = await emptyInstallation(options)
  try {
    const { dataDir, admin, secrets } = installation
    if (backed) await putSecrets(dataDir, backed)
    const result = await restoreBackup({
      path,
      admin,
      roleSecret: secrets.databaseRoles,
      encryptionKey: backed?.encryptionKey ?? secrets.encryptionKey,
      onTable: showTable,
    })
    clearLine()
    if (options.json)
      console.log(
        JSON.stringify({
          file: path,
          rows: result.rows,
          need_reauth: result.forgotten.connections,
          need_app_secrets: result.forgotten.apps,
          new_webhook_addresses: result.forgotten.webhooks,
          lost_notices: result.forgotten.notices,
          set_aside: aside ?? null,
        }),
      )
    else {
      console.log(`Restored ${result.rows.toLocaleString('en')} rows as they were on ${header.created_at}.`)
      if (aside) console.log(`What was there before is in ${aside}: remove it when you are sure.`)
      for (const line of forgottenInWords(result.forgotten)) console.log(line)
    }
  } catch (error) {
    if (aside) console.error(`What was there before is untouched in ${aside}; the new folder may be removed.`)
    throw error
  } finally {
    await installation.stop()
  }
}

/** What is left to do when the secrets were not given. */
function forgottenInWords({ connections, apps, webhooks, notices }: Forgotten): string[] {
  const lines = [
    ...(connections
      ? [`${connections} connection(s) to providers are kept and wait for their people to sign in again.`]
      : []),
    ...(apps.length
      ? [`Enter the secrets of your apps again (Connections, “Set up providers”): ${apps.join(', ')}.`]
      : []),
    ...(webhooks.length
      ? ['Webhook addresses are new: where you had pasted one at a provider, copy it again from there.']
      : []),
    ...(notices
      ? [`${notices} notice(s) of providers, not dealt with yet, cannot be read: sync once after signing in.`]
      : []),
  ]
  return lines.length ? ['Its secrets were not given.', ...lines] : []
}

async function secretsOf(sealed: string, { recoveryKeyFile }: Options): Promise<BackedSecrets | undefined> {
  const typed = recoveryKeyFile
    ? await readFile(resolve(recoveryKeyFile), 'utf8')
    : process.env['TRIBUTARY_RECOVERY_KEY']
  return typed?.trim() ? openSecrets(typed.trim(), sealed) : undefined
}

/** With nobody in it. What is in the way is never written over: with `--force` it is set aside. */
async function emptyInstallation(options: Options): Promise<{ installation: Installation; aside?: string }> {
  const words = installationWords(options)
  const found = await findInstallation(words, { make: true })
  try {
    const { isServed, people } = await lookAt(found.admin)
    if (isServed) throw new CommandError('a server is running on this database: stop it first')
    if (!people) return { installation: found }
    if (!options.force)
      throw new CommandError(
        `there is data already in ${found.dataDir} (${people} ${people === 1 ? 'account' : 'accounts'}): a restore never writes over it. Name an empty one with --data-dir, or use --force, which sets it aside`,
      )
    if (!found.isEmbedded)
      throw new UsageError('--force sets a data folder aside, and this database has none: name an empty database')
  } catch (error) {
    await found.stop()
    throw error
  }
  await found.stop()
  const aside = await setAside(found.dataDir)
  return { installation: await findInstallation(words, { make: true }), aside }
}

function assertSameKey({ encryptionKey }: BackedSecrets): void {
  const given = process.env['ENCRYPTION_KEY']
  if (given && given !== encryptionKey)
    throw new CommandError(
      'ENCRYPTION_KEY in the environment is not the key of this backup: take it out, or set it to the one that the backup was made with',
    )
}

/** Nothing was sealed here with the secrets that are replaced: the database is empty. */
async function putSecrets(dataDir: string, { encryptionKey, jwtKey }: BackedSecrets): Promise<void> {
  await replaceSecret(dataDir, 'encryption-key', encryptionKey)
  await replaceSecret(dataDir, 'jwt-key', jwtKey)
}

await runCommand(async () => {
  await program.parseAsync()
  return 0
})
