import type pg from 'pg'
import { uuidv7 } from 'uuidv7'

/** Larger than the name of each lease that was taken until now: they are named in the order in which they are taken. */
export const leasesUntilNow = (): string => uuidv7()

/** As if the leases on imports that a dead program still holds had run out: that takes a quarter of a minute and proves nothing. */
export const endLeases = (client: pg.Client, until: string): Promise<unknown> =>
  client.query('update tributary.imports set leased_until = now() where leased_by < $1', [until])
