import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'

const bin = fileURLToPath(new URL('../../bin/tributary.mjs', import.meta.url))

const commands = {
  start: 'Start the server here',
  doctor: 'Look at everything a start needs, and say what to do',
  backup: 'Write everything into one file; works while the server runs',
  restore: 'Put a backup into an empty database',
  verify: 'Check that the stored samples, or a backup file, are what was written',
  migrate: 'Bring data of another program’s database here',
  keys: 'Make a new encryption key and seal everything with it',
  users: 'The accounts of this installation: list, reset a password, invite',
  views: 'Logins for SQL, which read the documents’ tables and nothing else',
}

/** Commands of the server itself, listed here so that `tributary --help` names them. They bring their own help. */
export function addServerCommands(program: Command): void {
  for (const [name, description] of Object.entries(commands))
    program
      .command(name)
      .description(description)
      .helpOption(false)
      .allowUnknownOption()
      .argument('[words...]')
      .action((words: string[], _options, command: Command) => {
        const { json } = command.optsWithGlobals<{ json?: true }>()
        return hand([name, ...words, ...(json ? ['--json'] : [])])
      })
}

function hand(words: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  spawn(process.execPath, [bin, ...words], { stdio: 'inherit' })
    .once('error', reject)
    .once('exit', (code) => {
      process.exitCode = code ?? 1
      resolve()
    })
  return promise
}
