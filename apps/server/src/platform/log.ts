import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

export interface LogOptions {
  level: string | undefined
  debug: boolean
  service: string
  environment: string
}

const levels: Record<string, string> = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', WARN: 'warn', ERROR: 'error' }

/**
 * One line an operation: user, device, operation, status and time. Never a secret, never a value of a body.
 * The redaction is a second net; nothing that needs it should be handed to the log in the first place.
 */
export function createLog({ level, debug, service, environment }: LogOptions, to?: DestinationStream): Log {
  const options = {
    level: levels[level ?? ''] ?? (debug ? 'debug' : 'info'),
    base: { service, environment },
    redact: {
      paths: ['*.password', '*.token', '*.authorization', '*.cookie', '*.credentials', 'headers', 'body'],
      remove: true,
    },
    serializers: { err: describeError },
  }
  return to ? pino(options, to) : pino(options)
}

/** PostgreSQL puts values into `detail` and `where`: only what names the fault is kept. */
function describeError(error: Error & { code?: unknown; constraint?: unknown }): Record<string, unknown> {
  const { name, message, stack, code, constraint, cause } = error
  const quoted = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) // an SQLSTATE: the message may quote the input
  return {
    type: name,
    message: quoted ? `PostgreSQL error ${code}` : message,
    ...(code ? { code } : {}),
    ...(constraint ? { constraint } : {}),
    ...(stack ? { stack: quoted ? stack.split('\n').slice(1).join('\n') : stack } : {}),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  }
}
