import { lookup } from 'node:dns/promises'

export interface Resolved {
  address: string
  family: number
}

/** Every address of a name, in the order they are to be tried. */
export type Resolve = (hostname: string) => Promise<Resolved[]>

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })
