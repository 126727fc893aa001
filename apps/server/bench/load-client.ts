/**
 * A process that sends prepared requests over many keep-alive connections and times each answer.
 * Plain sockets: a client library would take the core that the server needs.
 */
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { bodyOf, type Form } from './bodies.ts'

export interface LoadOrder {
  port: number
  connections: number
  /** One lane a connection: its own device, its own token, its own time. */
  lanes: { path: string; token: string; from: number }[]
  points: number
  requestsPerLane: number
  redeliver: boolean
  form?: Form
  /** Whether each request has an Idempotency-Key of its own. */
  keyed?: boolean
}

export interface LoadResult {
  seconds: number
  requests: number
  errors: number
  firstError?: string
  /** Milliseconds. */
  p50: number
  p99: number
  bytes: number
}

function requestsOf(lane: LoadOrder['lanes'][number], order: LoadOrder): Buffer[] {
  return Array.from({ length: order.requestsPerLane }, (_, index) => {
    const body = bodyOf[order.form ?? 'values'](
      { points: order.points, from: lane.from, redeliver: order.redeliver },
      index,
    )
    const key = order.keyed ? `idempotency-key: ${randomUUID()}\r\n` : ''
    const head = `POST ${lane.path} HTTP/1.1\r\nhost: 127.0.0.1:${order.port}\r\nauthorization: Bearer ${lane.token}\r\n${key}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
    return Buffer.from(head + body)
  })
}

/** Sends one lane's requests one after the other. */
function drive(
  port: number,
  requests: Buffer[],
  tell: (ms: number, status: number, answer: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let next = 0
    let sentAt = 0
    let text = ''
    const send = () => {
      const request = requests[next++]
      if (!request) return socket.end(resolve)
      sentAt = performance.now()
      socket.write(request)
    }
    socket.setEncoding('latin1')
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (text.length < end + 4 + length) return
      tell(performance.now() - sentAt, Number(text.slice(9, 12)), text)
      text = ''
      send()
    })
  })
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const prepared = order.lanes.map((lane) => requestsOf(lane, order))
  const times: number[] = []
  let errors = 0
  let firstError: string | undefined
  process.send?.('ready')
  await new Promise((resolve) => process.once('message', resolve))
  const begun = performance.now()
  await Promise.all(
    prepared.map((requests) =>
      drive(order.port, requests, (ms, status, answer) => {
        times.push(ms)
        if (status === 201) return
        errors++
        firstError ??= answer.slice(0, 2_000)
      }),
    ),
  )
  const seconds = (performance.now() - begun) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const bytes = prepared.flat().reduce((sum, request) => sum + request.length, 0)
  return {
    seconds,
    requests: times.length,
    errors,
    ...(firstError ? { firstError } : {}),
    p50: at(0.5),
    p99: at(0.99),
    bytes,
  }
}

process.once('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: Error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
