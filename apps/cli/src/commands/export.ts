import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@tributary/sdk'
import { type Command, Option } from 'commander'
import { type CommonOptions, type Connection, connection } from '../connection.ts'
import { CommandError } from '../exit.ts'
import { print } from '../output.ts'
import { createProgressBar, type ProgressBar } from '../progress-bar.ts'
import { instantOf } from '../time-words.ts'

type Export = Awaited<ReturnType<Client['getExport']>>

interface ExportOptions extends CommonOptions {
  format: Export['format']
  from?: string
  to?: string
  metric?: string[]
  output?: string
  force?: true
}

const formats = ['tributary', 'json', 'csv', 'ndjson', 'parquet'] as const
const askEveryMs = 250
/** Writing is nearly all of the bar, fetching the rest. */
const writing = 0.8

export function addExport(program: Command): void {
  program
    .command('export')
    .description('Write your data, or a range of it, into a file')
    .addOption(
      new Option(
        '--format <format>',
        'tributary is a zip of everything that can be imported again; the others hold a value a row',
      )
        .choices([...formats])
        .default('tributary'),
    )
    .option('--from <time>', 'from this instant or day on')
    .option('--to <time>', 'before this instant or day')
    .option('--metric <metric...>', 'only these metrics')
    .option('-o, --output <file>', 'where to write it; - for standard output')
    .option('--force', 'write over a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  tributary export
  tributary export --format csv --from 2026-01-01 --to 2026-02-01 -o january.csv
  tributary export --format parquet --metric heart_rate steps -o hearts.parquet
  tributary export --format ndjson -o - | head

Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
    )
    .action((_options, command: Command) => exportData(command))
}

async function exportData(command: Command): Promise<void> {
  const options = command.optsWithGlobals<ExportOptions>()
  const server = await connection(command)
  const bar = createProgressBar()
  const made = await server.client.createExport({
    body: {
      format: options.format,
      ...(options.from ? { start_time: instantOf(options.from, '--from') } : {}),
      ...(options.to ? { end_time: instantOf(options.to, '--to') } : {}),
      ...(options.metric ? { metrics: options.metric } : {}),
    },
  })
  const params = { export_id: made.export_id }
  try {
    const path = options.output === '-' ? '-' : resolve(options.output ?? made.file_name)
    if (path !== '-' && !options.force && (await isThere(path)))
      throw new CommandError(`there is a ${path} already: name another with -o, or use --force`)
    const written = await untilWritten(server.client, made, bar)
    await fetchFile(server, written, path, bar)
    bar.clear()
    if (path !== '-')
      print(
        command,
        { ...written, path },
        `${path}  ${written.samples.toLocaleString('en')} samples, ${written.sessions.toLocaleString('en')} sessions, ${(written.bytes / 1e6).toFixed(1)} MB`,
      )
  } finally {
    bar.clear()
    await server.client.deleteExport({ params }) // the file is here, or nobody wants it any more
  }
}

async function untilWritten(client: Client, { export_id }: Export, bar: ProgressBar): Promise<Export> {
  for (;;) {
    const found = await client.getExport({ params: { export_id } })
    if (found.status === 'done') return found
    if (found.status === 'failed') throw new CommandError(`the export failed: ${found.reason}`)
    bar.show(writing * found.progress, `writing  ${found.samples.toLocaleString('en')} samples`)
    await pause(askEveryMs)
  }
}

/** Straight to disk, and under its name only when it is whole. */
async function fetchFile(
  { url, token }: Connection,
  { export_id, bytes }: Export,
  path: string,
  bar: ProgressBar,
): Promise<void> {
  const answer = await fetch(`${url}/api/v1/exports/${export_id}/file`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!answer.ok || !answer.body) throw new CommandError(`the server answered ${answer.status} instead of the file`)
  let got = 0
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      got += chunk.length
      bar.show(writing + (1 - writing) * Math.min(1, got / Math.max(1, bytes)), 'fetching')
      yield chunk
    }
  }
  const from = Readable.fromWeb(answer.body as WebStream<Uint8Array>)
  if (path === '-') return pipeline(from, counted, process.stdout, { end: false })
  const draft = `${path}.${process.pid}.partial`
  try {
    await pipeline(from, counted, createWriteStream(draft, { mode: 0o600 }))
    if (got !== bytes) throw new CommandError(`the file broke off after ${got} of ${bytes} bytes`)
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
