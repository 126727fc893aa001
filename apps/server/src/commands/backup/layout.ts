/** What stands in a backup, in order: header, (table, rows …, end) of each table, secrets, closing. */
export const backupMagic = 'TRIBUTARY BACKUP 1\n'

export const frameKinds = { header: 1, table: 2, rows: 3, end: 4, secrets: 5, closing: 6 } as const
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds]

export interface BackupColumn {
  name: string
  type: string
}

export interface BackupTable {
  name: string
  columns: BackupColumn[]
}

export interface BackupHeader {
  version: 1
  created_at: string
  /** The program that wrote it. */
  program: string
  /** The schema, by its migrations. */
  migrations: { name: string; checksum: string }[]
  tables: BackupTable[]
  with_secrets: boolean
}

export interface TableEnd {
  name: string
  rows: number
  bytes: number
  /** SHA-256 of its rows' bytes. */
  hash: string
}

export interface Closing {
  tables: number
  rows: number
}

/**
 * Not backed up: guesses at passwords and kept answers, which are over in a day; marks of flushes, which belong to a process; files made for a
 * download, which can be made again; and logins for the views, whose roles are not ours to carry to another cluster. The migrations stand in the header.
 */
export const leftOut = [
  'migrations',
  'sign_in_attempts',
  'idempotency_keys',
  'flush_mark',
  'exports',
  'export_parts',
  'view_logins',
]
