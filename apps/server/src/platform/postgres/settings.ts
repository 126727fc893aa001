import { totalmem } from 'node:os'

export interface Endpoint {
  /** The socket's directory, or 127.0.0.1 on Windows. */
  host: string
  port: number
}

/**
 * A quarter of the memory, but no more than this: PostgreSQL touches about 28 MiB of bookkeeping per GiB of buffers as it starts (measured,
 * 18.4: idle 27 MiB with 128 MB, 47 with 512 MB, 57 with 1 GB, 121 with 4 GB), and the system's page cache holds what does not fit.
 */
const mostBuffersMiB = 512

/**
 * What our PostgreSQL runs with. The whole file is ours and written again at every start; what an operator sets by `alter system` still wins,
 * because PostgreSQL reads that last.
 */
export function settingsFor({ host, port }: Endpoint, memoryBytes = memory()): Record<string, string> {
  const tcp = !host.startsWith('/')
  return {
    listen_addresses: tcp ? host : '',
    port: String(port),
    unix_socket_directories: tcp ? '' : `"${host.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: '100',
    password_encryption: 'scram-sha-256',

    shared_buffers: `${Math.min(Math.round(memoryBytes / 4 / 2 ** 20), mostBuffersMiB)}MB`,
    huge_pages: 'off', // they would be taken at the start, used or not
    // Shared memory made later lives in /dev/shm, which containers limit to 64 MB and systemd empties when its user logs out (RemoveIPC).
    // What is set aside here is used first, and touched only when needed.
    min_dynamic_shared_memory: '64MB',

    fsync: 'on',
    synchronous_commit: 'on',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',

    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'ISO, YMD',
    lc_messages: 'C',
    lc_monetary: 'C',
    lc_numeric: 'C',
    lc_time: 'C',
    default_text_search_config: 'pg_catalog.simple',
    cluster_name: 'tributary',

    // The log may hold nothing a person measured. A failed statement's error goes to the client that sent it, with its values in the text
    // (invalid input syntax …: "72"), so errors are not logged here at all; terse drops the DETAIL that would quote the statement of a crashed backend.
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_min_duration_statement: '-1',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
  }
}

export function renderSettings(settings: Record<string, string>): string {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  )
  return ['# Written by Tributary at every start. Lasting changes: alter system set …', ...lines, ''].join('\n')
}

/** A container's limit counts, not the machine it happens to run on. */
function memory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
