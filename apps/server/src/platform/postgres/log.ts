/** One line of our own log. The server hands these to pino; nothing here ever holds a password, a statement or a value. */
export interface LogLine {
  level: 'info' | 'warn' | 'error'
  msg: string
  [field: string]: unknown
}

export type Log = (line: LogLine) => void
