/**
 * Uploads, imports and compaction at once, while the program is killed with -9 and its database is ended at random moments.
 * Afterwards: nothing acknowledged is missing, nothing is double, no import is stuck, every chunk's header equals a recount.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { findWrongChunks } from '../src/platform/samples/verify.ts'
import { freePort } from '../test/free-port.ts'
import { endLeases, leasesUntilNow } from './end-leases.ts'
import { killInCompaction } from './kill-in-compaction.ts'
import { type Load, startLoad } from './kill-load.ts'
import { createProgram, type Program } from './program.ts'
import { randomFrom } from './random.ts'

export interface KillPlan {
  /** At any moment. */
  kills: number
  /** While days are being compacted. */
  killsInCompaction: number
  databaseRestarts: number
  seed: number
}

export interface KillReport {
  faults: string[]
  uploads: number
  acknowledged: number
  imports: number
  points: number
  /** Kills that met a compaction for certain. */
  inCompaction: number
  /** Recounted at the end. */
  chunks: number
}

export async function runKills(plan: KillPlan): Promise<KillReport> {
  const random = randomFrom(plan.seed)
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-kill-'))
  const program = createProgram(dataDir, await freePort(), { compacting: true })
  await program.start()
  try {
    const load = await startLoad(program, random)
    let inCompaction = 0
    for (const event of drawEvents(plan, random)) {
      await pause(150 + random() * 900)
      if (event === 'database') await program.restartDatabase()
      else {
        if (event === 'kill') await program.kill()
        else if (await killInCompaction(program)) inCompaction++
        const ofTheDead = leasesUntilNow()
        await program.start()
        await program.look((client) => endLeases(client, ofTheDead))
      }
    }
    await pause(300)
    await load.stop()
    return { ...(await inspect(program, load)), inCompaction }
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

type Event = 'kill' | 'kill in compaction' | 'database'

function drawEvents({ kills, killsInCompaction, databaseRestarts }: KillPlan, random: () => number): Event[] {
  const events: Event[] = [
    ...Array<Event>(kills).fill('kill'),
    ...Array<Event>(killsInCompaction).fill('kill in compaction'),
    ...Array<Event>(databaseRestarts).fill('database'),
  ]
  return events
    .map((event) => ({ event, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event)
}

async function inspect(program: Program, { ledger, token, imports }: Load): Promise<Omit<KillReport, 'inCompaction'>> {
  const faults: string[] = []
  let points = 0
  for (const { device, dataType } of ledger.series) {
    const read = await readAll(program, token, device, dataType)
    points += read.length
    faults.push(...ledger.compare(device, dataType, read))
  }
  faults.push(...(await unfinishedImports(program, token, imports)))
  const { chunks, faults: within } = await program.look((client) => lookWithin(client, points))
  return {
    faults: [...faults, ...within].slice(0, 50),
    uploads: ledger.uploads,
    acknowledged: ledger.acknowledged,
    imports: imports.length,
    points,
    chunks,
  }
}

/** What no answer of the program tells. */
async function lookWithin(client: pg.Client, points: number): Promise<{ chunks: number; faults: string[] }> {
  await client.query('set search_path to tributary')
  const count = async (query: string) => Number((await client.query<{ n: string }>(query)).rows[0]?.n)
  const wrong = await findWrongChunks(client)
  const chunks = await count('select count(*) as n from chunk')
  const accepted = await count('select coalesce(sum(accepted), 0) as n from batches')
  const doubled = await client.query<{ external_id: string }>(
    'select external_id from sessions group by user_id, external_id having count(*) > 1',
  )
  const faults = [
    ...wrong.map((chunk) => `a chunk's header differs from a recount: ${JSON.stringify(chunk)}`),
    ...(accepted === points ? [] : [`the batches say ${accepted} points were accepted, ${points} are stored`]),
    ...doubled.rows.map((row) => `session ${row.external_id} is there twice`),
  ]
  return { chunks, faults }
}

async function readAll(
  program: Program,
  token: string,
  device: string,
  dataType: string,
): Promise<{ t: number; v: number }[]> {
  const found: { t: number; v: number }[] = []
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ data_type: dataType, limit: '20000', ...(cursor ? { cursor } : {}) })
    const answer = await fetch(`${program.url}/api/v1/devices/${device}/data?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!answer.ok) throw new Error(`reading back answered ${answer.status}: ${await answer.text()}`)
    const page = (await answer.json()) as {
      data: { values: { timestamp: string; value: number }[] }[]
      next_cursor: string | null
    }
    for (const { values } of page.data)
      for (const { timestamp, value } of values) found.push({ t: Date.parse(timestamp), v: value })
    cursor = page.next_cursor
  } while (cursor)
  return found
}

/** Each import that was acknowledged ends within a minute, with its ride there once. */
async function unfinishedImports(program: Program, token: string, imports: string[]): Promise<string[]> {
  const faults: string[] = []
  const until = Date.now() + 60_000
  for (const id of imports) {
    for (;;) {
      const answer = await fetch(`${program.url}/api/v1/imports/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const found = (await answer.json()) as {
        status: string
        files: {
          status: string
          sessions: number
          samples: number
          duplicates: number
          session_ids: string[]
          reason: string | null
        }[]
      }
      if (found.status === 'done') {
        const [file] = found.files
        if (file?.status === 'done' && (file.sessions !== 1 || file.duplicates !== 0))
          faults.push(`import ${id} says ${JSON.stringify(file)}`)
        break
      }
      if (found.status === 'failed' || found.status === 'partial') {
        faults.push(`import ${id} ended ${found.status}: ${found.files[0]?.reason}`)
        break
      }
      if (Date.now() > until) {
        faults.push(`import ${id} is stuck in ${found.status}`)
        break
      }
      await pause(100)
    }
  }
  return faults
}
