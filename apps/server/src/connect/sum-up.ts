/** Per provider: how many, how they do, when data last came. */
import { routes } from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import { handle } from '../platform/http/handle.ts'
import { type ConnectionRow, countRecords, listConnections } from './connections.queries.ts'

type Health = 'good' | 'waiting' | 'failing' | 'needs_reauth' | 'paused'

/** The one that wants attention most stands for all. */
const byUrgency: readonly Health[] = ['needs_reauth', 'failing', 'waiting', 'paused', 'good']

function healthOf(row: ConnectionRow): Health {
  if (row.status === 'needs_reauth') return 'needs_reauth'
  if (row.paused_at) return 'paused'
  if (row.error_code) return 'failing'
  return row.last_success_at ? 'good' : 'waiting'
}

const isActive = (row: ConnectionRow) => row.status === 'active' && row.paused_at === null

const newest = (dates: readonly (Date | null)[]): string | null => {
  const times = dates.filter((date) => date !== null).map((date) => date.getTime())
  return times.length ? new Date(Math.max(...times)).toISOString() : null
}

export const getProviderSummary = handle(routes.getProviderSummary, async (call) => {
  const { userId } = call.caller
  return call.read(async (tx) => {
    const rows = await listConnections(tx, userId)
    const records = await countRecords(tx, userId)
    return {
      total_connections: rows.length,
      active_connections: rows.filter(isActive).length,
      needs_reauth: rows.filter(({ status }) => status === 'needs_reauth').length,
      providers: [...Map.groupBy(rows, ({ provider }) => provider)].map(([provider, own]) => ({
        provider,
        provider_name: findProvider(provider)?.name ?? provider,
        connections: own.length,
        active: own.filter(isActive).length,
        health: byUrgency.find((health) => own.some((row) => healthOf(row) === health)) ?? 'waiting',
        last_sync: newest(own.map(({ last_sync_at }) => last_sync_at)),
        last_success: newest(own.map(({ last_success_at }) => last_success_at)),
        records_synced: records.get(provider) ?? 0,
      })),
    }
  })
})
