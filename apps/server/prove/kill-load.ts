/** What is asked of a program that is killed meanwhile: several devices upload, somebody brings rides, and a ledger keeps what was acknowledged. */
import { setTimeout as pause } from 'node:timers/promises'
import { writeRide } from '@tributary/formats/testing'
import { Ledger, type Upload } from './ledger.ts'
import type { Program } from './program.ts'
import { signIn } from './sign-in.ts'

const lanes = 4
const dataTypes = ['heart_rate', 'power'] as const
const dayStart = Date.parse('2026-03-02T00:00:00Z')

export interface Load {
  ledger: Ledger
  token: string
  imports: string[]
  stop(): Promise<void>
}

export async function startLoad(program: Program, random: () => number): Promise<Load> {
  const token = await makeKey(program, await signIn(program))
  const ledger = new Ledger()
  const imports: string[] = []
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
      const id = await importOnce(program, token, ride)
      if (id) imports.push(id)
      await pause(200)
    }
  })()
  return {
    ledger,
    token,
    imports,
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
