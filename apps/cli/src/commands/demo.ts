import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@tributary/sdk'
import type { Command } from 'commander'
import { connect } from '../connection.ts'
import { print } from '../output.ts'
import { createProgressBar } from '../progress-bar.ts'

type Demo = Awaited<ReturnType<Client['getDemo']>>

const askEveryMs = 250

export function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .description('A year of a believable person, to look around in')
    .addHelpText('after', '\nExamples:\n  tributary demo add\n  tributary demo status\n  tributary demo remove')

  demo
    .command('add')
    .description('Add it to your account, marked as demo everywhere')
    .addHelpText('after', '\nExamples:\n  tributary demo add')
    .action((_options, command: Command) => add(command))

  demo
    .command('remove')
    .description('Remove all of it and nothing else')
    .addHelpText('after', '\nExamples:\n  tributary demo remove')
    .action(async (_options, command: Command) => {
      const client = await connect(command)
      const before = await client.getDemo()
      const after = await client.deleteDemo()
      print(command, after, before.status === 'absent' ? 'There was no demo data.' : 'The demo data is gone.')
    })

  demo
    .command('status')
    .description('Whether there is demo data')
    .addHelpText('after', '\nExamples:\n  tributary demo status --json')
    .action(async (_options, command: Command) => {
      const found = await (await connect(command)).getDemo()
      print(command, found, inWords(found))
    })
}

async function add(command: Command): Promise<void> {
  const client = await connect(command)
  const bar = createProgressBar()
  let demo = await client.createDemo()
  while (demo.status === 'loading' || demo.status === 'removing') {
    bar.show(demo.progress ?? 0, `${demo.samples.toLocaleString('en')} samples`)
    await pause(askEveryMs)
    demo = await client.getDemo()
  }
  bar.clear()
  print(command, demo, inWords(demo))
}

function inWords({ status, progress, devices, samples, sessions }: Demo): string {
  const figures = `${devices} devices, ${samples.toLocaleString('en')} samples, ${sessions.toLocaleString('en')} sessions`
  if (status === 'absent') return 'There is no demo data.'
  if (status === 'removing') return 'The demo data is being removed.'
  return status === 'ready'
    ? `Demo data: ${figures}.`
    : `Demo data is loading, ${Math.round((progress ?? 0) * 100)} %: ${figures}.`
}
