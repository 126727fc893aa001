import { CommandError } from '../accounts/commands.ts'
import { ConfigError } from '../config.ts'
import { NoDatabaseError } from '../find-database.ts'
import { MigrationError } from '../platform/db/migrate.ts'
import { WrongKeyError } from '../platform/sealing.ts'
import { UsageError } from './settings-given.ts'

const ours = [UsageError, ConfigError, CommandError, NoDatabaseError, MigrationError, WrongKeyError]

interface SystemError extends Error {
  code?: string
  syscall?: string
  path?: string
  address?: string
  port?: number
  /** Of PostgreSQL's own errors. */
  severity?: string
}

/** What an operator can do something about, in one line. Undefined for a bug, which is told with all there is. */
export function plainWords(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (ours.some((kind) => error instanceof kind))
    return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
  const { syscall, path, severity, code, message } = error as SystemError
  if (syscall === 'listen') return aboutListening(error)
  if (syscall === 'connect' || syscall === 'getaddrinfo')
    return `the database cannot be reached (${message}): is it running, and is DATABASE_URL right?`
  if (severity === 'FATAL') return `the database does not let us in: ${message} (${code})`
  return path && code ? aboutPath(path, code) : undefined
}

function aboutListening({ code, address, port, message }: SystemError): string {
  if (code === 'EADDRINUSE') return `port ${port} of ${address} is taken by another program: stop it, or set PORT`
  if (code === 'EADDRNOTAVAIL') return `this machine does not have the address ${address}: set HOST to one of its own`
  if (code === 'EACCES') return `this user may not open port ${port}: set PORT to one above 1023`
  return `${message}: set HOST and PORT to what this machine has`
}

/** Most often a first start as root, and a later one as somebody else. */
function aboutPath(path: string, code: string): string {
  const denied = ['EACCES', 'EPERM', 'EROFS'].includes(code)
  if (denied) return `this user may not use ${path} (${code}): start as the user it belongs to, or set DATA_DIR`
  return `${path} cannot be used (${code})`
}
