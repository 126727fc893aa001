import { type Command, Option } from 'commander'
import { connect } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { note } from '../output.ts'
import { instantOf } from '../time-words.ts'

interface DataOptions {
  type?: string[]
  from?: string
  to?: string
  limit?: string
  format: 'json' | 'csv' | 'ndjson'
}

const most = 100_000

export function addDeviceData(devices: Command): void {
  devices
    .command('data')
    .argument('<device-id>')
    .description('Print what a device measured, oldest first')
    .option('--type <metric...>', 'only these metrics')
    .option('--from <time>', 'from this instant or day on')
    .option('--to <time>', 'before this instant or day')
    .option('--limit <n>', `at most so many values (${most.toLocaleString('en')} when left out)`)
    .addOption(new Option('--format <format>', 'how').choices(['json', 'csv', 'ndjson']).default('csv'))
    .addHelpText(
      'after',
      '\nExamples:\n  tributary devices data 0198c7e2-… --type heart_rate steps\n  tributary devices data 0198c7e2-… --from 2026-01-01 --to 2026-02-01 --format ndjson',
    )
    .action((id: string, options: DataOptions, command: Command) => printData(id, options, command))
}

async function printData(id: string, options: DataOptions, command: Command): Promise<void> {
  const client = await connect(command)
  const query = {
    ...(options.type ? { data_type: options.type } : {}),
    ...(options.from ? { start_time: instantOf(options.from, '--from') } : {}),
    ...(options.to ? { end_time: instantOf(options.to, '--to') } : {}),
    limit: options.limit ? limitOf(options.limit) : most,
  }
  const params = { device_id: id }
  const { json } = command.optsWithGlobals<{ json?: true }>()
  if (json || options.format === 'json') {
    const answer = await client.getData({ params, query })
    process.stdout.write(`${JSON.stringify(answer)}\n`)
    if (answer.next_cursor) note('There is more: narrow --from and --to, or raise --limit.')
    return
  }
  process.stdout.write(await client.getData({ params, query: { ...query, format: options.format } }))
}

function limitOf(word: string): number {
  const limit = Number(word)
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw new UsageError(`--limit got "${word}"; it takes a whole number from 1 to ${most}`)
  return limit
}
