/**
 * Uploads, imports and compaction at once, while the program is killed with -9 and its database is ended at random moments.
 * Afterwards: nothing acknowledged is missing, nothing is double, no import is stuck, every chunk's header equals a recount.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeRide } from '@tributary/formats/testing'
import { findWrongChunks } from '../src/platform/samples/verify.ts'
import { freePort } from '../test/free-port.ts'
import { Ledger, type Upload } from './ledger.ts'
import { createProgram, owner, type Program } from './program.ts'
import { randomFrom } from './random.ts'

export interface KillPlan {
  kills: number
  databaseRestarts: number
  seed: number
}

export interface KillReport {
  faults: string[]
  uploads: number
  acknowledged: number
  imports: number
  points: number
}

const lanes = 4
const dataTypes = ['heart_rate', 'power'] as const
const dayStart = Date.parse('2026-03-02T00:00:00Z')

export async function runKills(plan: KillPlan): Promise<KillReport> {
  const random = randomFrom(plan.seed)
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-kill-'))
  const program = createProgram(dataDir, await freePort())
  await program.start()
  try {
    const load = await startLoad(program, random)
    const events = shuffled(
      [...Array(plan.kills).fill('kill'), ...Array(plan.databaseRestarts).fill('database')],
      random,
    )
    for (const event of events) {
      await pause(150 + random() * 900)
      if (event === 'database') await program.restartDatabase()
      else {
        await program.kill()
        await program.start()
      }
    }
    await pause(300)
    await load.stop()
    return await inspect(program, load)
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface Load {
  ledger: Ledger
  token: string
  imports: string[]
  rides: Set<number>
  stop(): Promise<void>
}

async function startLoad(program: Program, random: () => number): Promise<Load> {
  const token = await makeKey(program, await signIn(program))
  const ledger = new Ledger()
  const imports: string[] = []
  const rides = new Set<number>()
  let running = true
  const devices = await Promise.all(Array.from({ length: lanes }, (_, i) => newDevice(program, token, `lane ${i}`)))
  const uploads = devices.map(async (device) => {
    let value = 0
    while (running)
      await uploadOnce(
        program,
        token,
        ledger,
        drawUpload(device, random, () => 60 + (value++ % 140)),
      )
  })
  const rider = (async () => {
    for (let ride = 0; running; ride++) {
      rides.add(ride)
      const id = await importOnce(program, token, ride)
      if (id) imports.push(id)
      await pause(200)
    }
  })()
  return {
    ledger,
    token,
    imports,
    rides,
    stop: async () => {
      running = false
      await Promise.all([...uploads, rider])
    },
  }
}

/** Times overlap on purpose: a few hours of one day, so that deliveries repeat, change and pile up segments. */
function drawUpload(device: string, random: () => number, nextValue: () => number): Upload {
  const first = dayStart + Math.floor(random() * 10_000) * 1_000
  const length = 1 + Math.floor(random() * 90)
  const points = Array.from({ length }, (_, i) => ({ t: first + i * 1_000, v: nextValue() }))
  return { device, dataType: dataTypes[Math.floor(random() * dataTypes.length)] ?? 'heart_rate', points }
}

async function uploadOnce(program: Program, token: string, ledger: Ledger, upload: Upload): Promise<void> {
  const values = upload.points.map(({ t, v }) => ({ timestamp: new Date(t).toISOString(), value: v }))
  ledger.sending(upload)
  const status = await post(
    `${program.url}/api/v1/devices/${upload.device}/data`,
    token,
    JSON.stringify({ data_type: upload.dataType, values }),
    'application/json',
  )
  if (status?.status === 201) ledger.confirmed(upload)
  else if (status && status.status < 500 && status.status !== 429)
    throw new Error(`an upload answered ${status.status}: ${status.text}`)
  else await pause(20)
}

async function importOnce(program: Program, token: string, ride: number): Promise<string | undefined> {
  const file = writeRide({ start: dayStart + 40 * 86_400_000 + ride * 7_200_000, seconds: 1_800 })
  const answer = await post(
    `${program.url}/api/v1/imports?filename=ride-${ride}.fit`,
    token,
    file,
    'application/octet-stream',
  )
  return answer?.status === 202 ? (JSON.parse(answer.text) as { import_id: string }).import_id : undefined
}

/** Undefined when the answer never came: the program may have been killed. */
async function post(
  url: string,
  token: string,
  body: string | Uint8Array,
  type: string,
): Promise<{ status: number; text: string } | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: body as string | Uint8Array<ArrayBuffer>,
    })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return undefined
  }
}

async function inspect(program: Program, { ledger, token, imports }: Load): Promise<KillReport> {
  const faults: string[] = []
  let points = 0
  for (const { device, dataType } of ledger.series) {
    const read = await readAll(program, token, device, dataType)
    points += read.length
    faults.push(...ledger.compare(device, dataType, read))
  }
  faults.push(...(await unfinishedImports(program, token, imports)))
  faults.push(
    ...(await program.look(async (client) => {
      const wrong = await findWrongChunks(client)
      const counted = await client.query<{ n: string }>(
        `select coalesce(sum(b.accepted), 0)::bigint as n from tributary.batches b`,
      )
      const doubled = await client.query<{ external_id: string }>(
        'select external_id from tributary.sessions group by user_id, external_id having count(*) > 1',
      )
      return [
        ...wrong.map((chunk) => `a chunk's header differs from a recount: ${JSON.stringify(chunk)}`),
        ...(Number(counted.rows[0]?.n) === points
          ? []
          : [`the batches say ${counted.rows[0]?.n} points were accepted, ${points} are stored`]),
        ...doubled.rows.map((row) => `session ${row.external_id} is there twice`),
      ]
    })),
  )
  return {
    faults: faults.slice(0, 50),
    uploads: ledger.uploads,
    acknowledged: ledger.acknowledged,
    imports: imports.length,
    points,
  }
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

async function signIn(program: Program): Promise<string> {
  const answer = await fetch(`${program.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })
  const body = (await answer.json()) as { access_token?: string }
  if (!body.access_token) throw new Error(`signing in answered ${answer.status}: ${JSON.stringify(body)}`)
  return body.access_token
}

/** A key does not end after a quarter of an hour, as a sign-in's token does. */
async function makeKey(program: Program, token: string): Promise<string> {
  const wish = { name: 'kill run', scopes: ['devices:read', 'devices:write', 'data:read', 'data:write'] }
  const answer = await post(`${program.url}/api/v1/api-keys`, token, JSON.stringify(wish), 'application/json')
  return (JSON.parse(answer?.text ?? '{}') as { api_key: string }).api_key
}

async function newDevice(program: Program, token: string, name: string): Promise<string> {
  const answer = await post(
    `${program.url}/api/v1/devices`,
    token,
    JSON.stringify({ device_type: 'test', device_name: name, integration_type: 'api' }),
    'application/json',
  )
  return (JSON.parse(answer?.text ?? '{}') as { device_id: string }).device_id
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
