import { createHash } from 'node:crypto'

/** What an id of a source's own record is kept as: short, and it tells nothing. */
export const hashOfId = (provider: string, id: string): Buffer =>
  createHash('sha256').update(`${provider}\n${id}`).digest().subarray(0, 16)
