/** A provider that tests make up: two lists, answers from memory, faults where a test wants them. */
import {
  defineFeed,
  defineProvider,
  hmac,
  isSameSecret,
  type Provider,
  ProviderError,
  type ProviderHttp,
} from '@tributary/providers/kit'
import { z } from 'zod'
import type { Calls } from '../connect/calls.ts'

export interface MadeRecord {
  id: string
  at: number
  /** Not a number: the record cannot be read. */
  value: number | string
  device?: string
  deleted?: true
  rank?: number
}

export interface MadeCloud {
  rides: MadeRecord[]
  pulses: MadeRecord[]
  /** Thrown when the list is asked for. */
  faults: { rides?: Error; pulses?: Error; open?: Error }
  /** Windows that were asked for. */
  asked: { feed: string; from: number; to: number }[]
  scopes: string[]
  /** What is allowed when it is asked for; `scopes` when absent. */
  granted?: () => Promise<string[]>
  /** How a pulse is read; as it stands when absent. */
  reads?: (value: number) => number
}

const raw = z.object({
  id: z.string(),
  at: z.number(),
  value: z.number(),
  device: z.string().optional(),
  deleted: z.literal(true).optional(),
  rank: z.number().optional(),
})
type Raw = z.output<typeof raw>

const words = (text: string) => ({ en: text, de: text, fr: text })
const pageOf = 3

export const emptyCloud = (): MadeCloud => ({
  rides: [],
  pulses: [],
  faults: {},
  asked: [],
  scopes: ['rides', 'pulses'],
})

export function madeProvider(cloud: MadeCloud): Provider {
  const list = (feed: 'rides' | 'pulses') =>
    async function* (_http: ProviderHttp, { from, to }: { from: number; to: number }) {
      cloud.asked.push({ feed, from, to })
      const fault = cloud.faults[feed]
      if (fault) throw fault
      const records = cloud[feed].filter(({ at }) => at >= from && at < to)
      for (let i = 0; i < records.length; i += pageOf) yield records.slice(i, i + pageOf)
    }
  const common = { windowDays: 10, lookBackDays: 3, brings: [], unused: {}, raw } as const
  const source = ({ device }: Raw) => (device ? { key: device, name: device } : undefined)
  return defineProvider({
    id: 'strava',
    name: 'Made up',
    makers: [],
    arrives: 'cloud',
    auth: { kind: 'none' },
    limits: [],
    granted: async () => (await cloud.granted?.()) ?? cloud.scopes,
    feeds: {
      rides: defineFeed<Raw>({
        ...common,
        title: words('Rides'),
        scopes: ['rides'],
        fetch: list('rides'),
        async *fetchOne(_http, record) {
          yield cloud.rides.filter(({ id }) => id === record)
        },
        source,
        *read({ id, at, value, deleted }) {
          if (deleted) yield { kind: 'forget', externalId: id }
          else
            yield {
              kind: 'session',
              type: 'workout',
              activity: 'cycling',
              start: at,
              end: at + 60_000,
              externalId: id,
              totals: { distance: value },
              parts: [],
            }
        },
      }),
      pulses: defineFeed<Raw>({
        ...common,
        title: words('Pulses'),
        version: ({ id, rank = 0 }) => ({ key: id, rank }),
        scopes: ['pulses'],
        mayBeRefused: true,
        fetch: list('pulses'),
        source,
        *read({ id, at, value, deleted }) {
          if (deleted) yield { kind: 'forget', externalId: id }
          else yield { kind: 'sample', metric: 'heart_rate', t: at, value: cloud.reads?.(value) ?? value, recordId: id }
        },
      }),
    },
    webhook: {
      verify({ headers, body, at }, { app }) {
        if (headers['x-unsigned']) return { kind: 'hint' }
        const sent = Number(headers['x-time'])
        if (!(Math.abs(at - sent) < 300_000)) return { kind: 'refused', reason: 'stale' }
        const wanted = hmac('sha256', app?.clientSecret ?? '', Buffer.concat([Buffer.from(`${sent}.`), body]))
        return isSameSecret(headers['x-signature'], wanted) ? { kind: 'proven' } : { kind: 'refused', reason: 'forged' }
      },
      handshake: ({ method, query }) =>
        method === 'GET' ? { status: 200, body: query.get('challenge') ?? '' } : undefined,
      read({ body }) {
        try {
          return JSON.parse(new TextDecoder().decode(body))
        } catch {
          throw new ProviderError('bad_data', 'not what the page says')
        }
      },
      answer: { status: 202, body: 'thanks' },
    },
  })
}

/** As the made-up cloud signs. */
export const signed = (secret: string, body: string, at = Date.now()): Record<string, string> => ({
  'x-time': String(at),
  'x-signature': hmac('sha256', secret, `${at}.${body}`),
})

const http = {} as ProviderHttp

export const madeCalls = (cloud: MadeCloud): Pick<Calls, 'open'> => ({
  open: async () => {
    if (cloud.faults.open) throw cloud.faults.open
    return { provider: madeProvider(cloud), http, account: 'someone', scopes: cloud.scopes }
  },
})
