/** What was looked at, how it stands, and what to do where it does not stand well. */
export interface Finding {
  name: string
  state: 'ok' | 'warn' | 'fail'
  says: string
  remedy?: string
}

export const ok = (name: string, says: string): Finding => ({ name, state: 'ok', says })
export const warn = (name: string, says: string, remedy: string): Finding => ({ name, state: 'warn', says, remedy })
export const fail = (name: string, says: string, remedy: string): Finding => ({ name, state: 'fail', says, remedy })
