/** Bytes that are no HTTP never become a request. They are answered as everything else is, and the connection ends. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { uuidv7 } from 'uuidv7'
import { Problem } from '../problem.ts'
import { headersOf, plainHeaders } from './errors.ts'

export function answerMalformed({ code }: { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const id = uuidv7()
  const problem = problemOf(code)
  const body = JSON.stringify(problem.body(id))
  const headers = Object.entries({
    connection: 'close',
    ...headersOf(problem),
    'content-length': Buffer.byteLength(body),
    'x-request-id': id,
    ...plainHeaders,
  }).map(([name, value]) => `${name}: ${value}`)
  socket.end([`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...headers, '', body].join('\r\n'))
}

/** As Node's HTTP parser and its clock name what is wrong. */
function problemOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('payload_too_large', 'The headers are larger than 16 KiB')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('invalid_request', 'The request took too long to arrive')
  return new Problem('invalid_request', 'The request is not valid HTTP')
}
