/** What was written so far, by whoever writes it. */
export interface ExportTally {
  samples: number
  sessions: number
}

export const newTally = (): ExportTally => ({ samples: 0, sessions: 0 })
