import type { Language, Provider } from '@tributary/providers/kit'
import type { Read } from '../platform/db/database.ts'
import { type ConnectionRow, type FeedRow, listFeeds, listShared } from './connections.queries.ts'
import { providerOfConnection } from './provider-of-connection.ts'
import { endingWay } from './ways-in.ts'

/** What is shown with a connection and not needed to ask its provider: of all connections of the person. */
export interface ShownBeside {
  feeds: readonly FeedRow[]
  shared: ReadonlySet<string>
}

export const findBeside = async (tx: Read, userId: string): Promise<ShownBeside> => ({
  feeds: await listFeeds(tx, userId),
  shared: await listShared(tx, userId),
})

/** A row as the wire shows it. */
export function connectionView(row: ConnectionRow, { feeds, shared }: ShownBeside, language: Language) {
  const provider = providerOfConnection(row)
  const iso = (at: Date | null) => at?.toISOString() ?? null
  const own = new Map(
    feeds.filter(({ connection_id }) => connection_id === row.connection_id).map((feed) => [feed.feed, feed]),
  )
  return {
    connection_id: row.connection_id,
    user_id: row.user_id,
    short_id: row.short_id,
    provider: row.provider,
    provider_name: provider?.name ?? row.provider,
    provider_account: row.provider_account || null,
    provider_profile: row.provider_profile,
    status: row.status,
    is_active: row.paused_at === null && row.status === 'active',
    error_code: row.error_code,
    error_message: reasonOf(row, provider, language),
    granted_scopes: row.granted_scopes,
    token_expires_at: iso(row.token_expires_at ?? endOfWay(row, provider)),
    // One that has lists has them all: what was not there when it was made is shown too, most often as not allowed.
    feeds: Object.entries(own.size ? (provider?.feeds ?? {}) : {}).map(([feed, { title, scopes }]) => {
      const kept = own.get(feed)
      return {
        feed,
        title: title[language],
        is_on: !scopes?.length || scopes.some((scope) => row.granted_scopes.includes(scope)),
        read_until: iso(kept?.read_until ?? null),
        last_success: iso(kept?.last_success_at ?? null),
        error_code: kept?.error_code ?? null,
        error_message: kept?.error_message ?? null,
      }
    }),
    last_sync: iso(row.last_sync_at),
    last_success: iso(row.last_success_at),
    connected_at: iso(row.connected_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    tells_provider: provider?.leave !== undefined && isByTokens(row) && !shared.has(row.connection_id),
    ...(row.is_demo ? { is_demo: true } : {}),
  }
}

/** A token that has no end of its own ends with the way in that it came by. */
function endOfWay({ auth_kind, status }: ConnectionRow, provider: Provider | undefined): Date | null {
  const way = provider && status !== 'needs_reauth' ? endingWay(provider, auth_kind) : undefined
  return way ? new Date(way.endsOn) : null
}

/** What `disconnect.ts` says good-bye with. */
const isByTokens = ({ auth_kind: kind }: ConnectionRow): boolean => kind === 'oauth2' || kind === 'oauth1'

/** Why an older way in ends, and how data come where there is no sign-in, a provider says in the reader's language. */
function reasonOf(row: ConnectionRow, provider: Provider | undefined, language: Language): string | null {
  const said =
    row.error_code === 'sign_in_replaced'
      ? provider?.otherAuth?.find(({ gave }) => gave)?.words
      : row.error_code === 'no_sign_in'
        ? provider?.access
        : undefined
  return said?.[language] ?? row.error_message
}

export async function showConnection(tx: Read, row: ConnectionRow, language: Language) {
  return connectionView(row, await findBeside(tx, row.user_id), language)
}
