/** `tributary backup`: everything in one file, while the server runs. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { CommandError } from '../accounts/commands.ts'
import { clearLine, showTable } from './backup/progress.ts'
import { makeRecoveryKey, sealSecrets } from './backup/recovery-key.ts'
import { writeBackup } from './backup/write-backup.ts'
import { findInstallation, type InstallationOptions, installationWords } from './find-installation.ts'
import { runCommand } from './run-command.ts'

interface Options extends InstallationOptions {
  json?: true
  withSecrets?: true
  recoveryKeyFile?: string
}

const program = new Command('tributary backup')
  .description('Write everything into one file; works while the server runs')
  .argument('<file>', 'the file to write; there must be none yet')
  .option('--with-secrets', 'put DATA_DIR/secrets into it, sealed under a recovery key that is shown once')
  .option('--recovery-key-file <path>', 'write the recovery key there instead of showing it')
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data is, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database, when it is not the embedded one (DATABASE_URL)')
  .addHelpText(
    'after',
    `
DATA_DIR/secrets is not in a backup unless you say so. Without them a restore keeps all data, but people have to connect their providers again.

Examples:
  tributary backup /backups/tributary-$(date +%F).trb
  tributary backup /backups/whole.trb --with-secrets --recovery-key-file /safe/recovery-key
  tributary verify /backups/whole.trb

Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
  )
  .exitOverride()
  .action(backUp)

async function backUp(given: string): Promise<void> {
  const options = program.opts<Options>()
  const path = resolve(given)
  const keyFile = options.recoveryKeyFile && resolve(options.recoveryKeyFile)
  if (keyFile && existsSync(keyFile)) throw new CommandError(`there is a ${keyFile} already`)
  const withSecrets = Boolean(options.withSecrets ?? keyFile)
  const installation = await findInstallation(installationWords(options))
  try {
    const recoveryKey = withSecrets ? makeRecoveryKey() : undefined
    const { secrets, admin, dataDir } = installation
    if (withSecrets && secrets.formerKeys.length)
      throw new CommandError(
        'a change of the encryption key was broken off: finish it with `tributary keys rotate` first',
      )
    // The key is safe before the file that needs it is there.
    if (recoveryKey && keyFile) await writeFile(keyFile, `${recoveryKey}\n`, { mode: 0o600, flag: 'wx', flush: true })
    const sealedSecrets =
      recoveryKey && sealSecrets(recoveryKey, { encryptionKey: secrets.encryptionKey, jwtKey: secrets.jwtKey })
    const made = await writeBackup({ admin, path, sealedSecrets, now: Date.now(), onTable: showTable })
    clearLine()
    const shownKey = recoveryKey && !keyFile ? { recovery_key: recoveryKey } : {}
    if (options.json) console.log(JSON.stringify({ file: path, ...made, with_secrets: withSecrets, ...shownKey }))
    else console.log(inWords(path, made, { dataDir, recoveryKey, keyFile }))
  } finally {
    await installation.stop()
  }
}

function inWords(
  path: string,
  { tables, rows, bytes }: { tables: number; rows: number; bytes: number },
  { dataDir, recoveryKey, keyFile }: { dataDir: string; recoveryKey: string | undefined; keyFile: string | undefined },
): string {
  const size = `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
  const head = `${path}: ${rows.toLocaleString('en')} rows of ${tables} tables, ${size}.`
  if (keyFile)
    return `${head}\nIts secrets are sealed. The recovery key is in ${keyFile}: keep it elsewhere than the backup.`
  if (recoveryKey)
    return `${head}\nIts secrets are sealed under this recovery key, which is shown only now. Keep it elsewhere than the backup:\n\n  ${recoveryKey}\n`
  return `${head}\n${join(dataDir, 'secrets')} is not in it: keep a copy of that folder as well, or use --with-secrets. Without it, people connect their providers again after a restore.`
}

await runCommand(async () => {
  await program.parseAsync()
  return 0
})
