/** What pages read, each with its one cache key. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { isReading } from '../util/import-words.ts'
import type { WordLanguage } from '../util/word-language.ts'
import { client } from './client.ts'
import type { Connection, ImportFile } from './types.ts'

export const setupQuery = (token?: string) =>
  queryOptions({ queryKey: ['setup', token], queryFn: () => client.getSetup(token ? { query: { token } } : {}) })

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => client.getMe(), staleTime: 60_000 })

export const signInsQuery = queryOptions({ queryKey: ['sign-ins'], queryFn: () => client.listSignIns() })

export const apiKeysQuery = queryOptions({ queryKey: ['api-keys'], queryFn: () => client.listApiKeys() })

export const invitesQuery = queryOptions({ queryKey: ['invites'], queryFn: () => client.listInvites() })

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: () => client.listDevices({ query: { limit: 1_000 } }),
})

export const deviceQuery = (device_id: string) =>
  queryOptions({ queryKey: ['devices', device_id], queryFn: () => client.getDevice({ params: { device_id } }) })

export const deviceHealthQuery = (device_id: string) =>
  queryOptions({
    queryKey: ['devices', device_id, 'health'],
    queryFn: () => client.getDeviceHealth({ params: { device_id } }),
  })

export const latestQuery = (device_id: string) =>
  queryOptions({
    queryKey: ['devices', device_id, 'latest'],
    queryFn: () => client.getLatestData({ params: { device_id } }),
  })

export const batchesQuery = (device_id: string) =>
  queryOptions({
    queryKey: ['devices', device_id, 'batches'],
    queryFn: () => client.listBatches({ params: { device_id }, query: { limit: 20 } }),
  })

export const syncRunQuery = (sync_id: string) =>
  queryOptions({
    queryKey: ['sync', sync_id],
    queryFn: () => client.getSyncRun({ params: { sync_id } }),
    refetchInterval: ({ state }) => (isUnderWay(state.data?.status) ? 1_000 : false),
  })

const isUnderWay = (status: string | undefined) => status === 'pending' || status === 'running'

/** `signal` ends the request of a range that was zoomed away from. */
export const timelineQuery = (metric: string, start_time: string, end_time: string, shape: TimelineShape) =>
  queryOptions({
    queryKey: ['timeline', metric, start_time, end_time, shape],
    queryFn: async ({ signal }) => {
      const timeline = await client.getTimeline({ query: { metric, start_time, end_time, ...shape }, signal })
      performance.mark('chart-data')
      return timeline
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export interface TimelineShape {
  points?: number
  resolution?: '15m' | '1h' | '6h' | '1d'
}

/** Daily values from a local day to before another. Days that are being worked out again are asked for until they are not. */
export const daysQuery = (metrics: readonly string[], from: string, to: string) =>
  queryOptions({
    queryKey: ['days', metrics, from, to],
    queryFn: ({ signal }) => client.listDays({ query: { metrics: [...metrics], from, to }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchInterval: ({ state }) =>
      state.data?.metrics.some(({ stale_dates }) => stale_dates.length > 0) ? 3_000 : false,
  })

export const whyQuery = (metric: string, date: string) =>
  queryOptions({
    queryKey: ['days', 'why', metric, date],
    queryFn: () => client.explainDay({ params: { metric, date } }),
    staleTime: 60_000,
  })

/** The newest workouts until an instant, the last one first. */
export const workoutsQuery = (end_time: string) =>
  queryOptions({
    queryKey: ['sessions', 'until', end_time],
    queryFn: () => client.listSessions({ query: { type: 'workout', end_time, limit: 30 } }),
    placeholderData: keepPreviousData,
  })

/** Newest first. What is under way moves every second. */
export const importsQuery = infiniteQueryOptions({
  queryKey: ['imports'],
  queryFn: ({ pageParam }) => client.listImports({ query: { limit: 30, ...(pageParam && { cursor: pageParam }) } }),
  initialPageParam: '',
  getNextPageParam: ({ next_cursor }) => next_cursor,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some((one) => isReading(one))) ? 1_000 : false,
})

export const importQuery = (import_id: string) =>
  queryOptions({
    queryKey: ['imports', import_id],
    queryFn: () => client.getImport({ params: { import_id } }),
    refetchInterval: ({ state }) => (state.data && isReading(state.data) ? 1_000 : false),
  })

export const importFilesQuery = (import_id: string, status: ImportFile['status']) =>
  infiniteQueryOptions({
    queryKey: ['imports', import_id, 'files', status],
    queryFn: ({ pageParam }) =>
      client.listImportFiles({
        params: { import_id },
        query: { status, limit: 100, ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor,
  })

export const tableQuery = (import_id: string, position: number) =>
  queryOptions({
    queryKey: ['imports', import_id, 'table', position],
    queryFn: () => client.previewImportFile({ params: { import_id, position } }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const csvMappingsQuery = queryOptions({
  queryKey: ['csv-mappings'],
  queryFn: () => client.listCsvMappings(),
})

export const quarantineQuery = (import_id: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', import_id],
    queryFn: ({ pageParam }) =>
      client.listQuarantine({
        query: { limit: 50, ...(import_id && { import_id }), ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor,
  })

/** While one of them is being read for the first time, or was just told to sync, it moves every second. */
export const connectionsQuery = (language: WordLanguage, asker: Pick<typeof client, 'listConnections'> = client) =>
  queryOptions({
    queryKey: ['connections', language],
    queryFn: () => asker.listConnections({ query: { language } }),
    refetchInterval: ({ state }) => (state.data?.some(isSettling) ? 1_000 : 60_000),
  })

/** Connected, and its first sync has not come to an end. */
const isSettling = ({ status, last_sync, error_code }: Connection) => status === 'active' && !last_sync && !error_code

export const availableProvidersQuery = (
  language: WordLanguage,
  asker: Pick<typeof client, 'listAvailableProviders'> = client,
) =>
  queryOptions({
    queryKey: ['available-providers', language],
    queryFn: () => asker.listAvailableProviders({ query: { language } }),
    staleTime: 60_000,
  })

export const connectionSyncQuery = (connection_id: string) =>
  queryOptions({
    queryKey: ['connections', connection_id, 'sync'],
    queryFn: () => client.getConnectionSyncStatus({ params: { connection_id } }),
    refetchInterval: ({ state }) => (state.data?.running ? 1_000 : false),
  })

export const customApiQuery = (custom_api_id: string) =>
  queryOptions({
    queryKey: ['custom-apis', custom_api_id],
    queryFn: () => client.getCustomApi({ params: { custom_api_id } }),
    refetchOnWindowFocus: false, // what is being written is not written over
  })

export const providerAppsQuery = (language: WordLanguage) =>
  queryOptions({
    queryKey: ['provider-apps', language],
    queryFn: () => client.listProviderApps({ query: { language } }),
  })

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: () => client.getDemo(),
  refetchInterval: ({ state }) =>
    state.data?.status === 'loading' || state.data?.status === 'removing' ? 1_000 : false,
})

export const suppressionsQuery = infiniteQueryOptions({
  queryKey: ['suppressions'],
  queryFn: ({ pageParam }) =>
    client.listSuppressions({ query: { limit: 50, ...(pageParam && { cursor: pageParam }) } }),
  initialPageParam: '',
  getNextPageParam: ({ next_cursor }) => next_cursor,
})

export const exportsQuery = queryOptions({
  queryKey: ['exports'],
  queryFn: () => client.listExports(),
  refetchInterval: ({ state }) =>
    state.data?.items.some(({ status }) => status === 'queued' || status === 'writing') ? 1_000 : false,
})

/** What the list of sessions can be asked for. */
export type SessionQuestion = Omit<
  NonNullable<NonNullable<Parameters<typeof client.listSessions>[0]>['query']>,
  'cursor'
>

export const sessionsQuery = (question: SessionQuestion) =>
  queryOptions({ queryKey: ['sessions', question], queryFn: () => client.listSessions({ query: question }) })

/** Page after page, the newest first. */
export const sessionPagesQuery = (question: SessionQuestion) =>
  infiniteQueryOptions({
    queryKey: ['sessions', 'pages', question],
    queryFn: ({ pageParam }) =>
      client.listSessions({ query: { limit: 60, ...question, ...(pageParam && { cursor: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })

export const sessionQuery = (session_id: string) =>
  queryOptions({ queryKey: ['session', session_id], queryFn: () => client.getSession({ params: { session_id } }) })

export const lapsQuery = (session_id: string) =>
  queryOptions({ queryKey: ['session', session_id, 'laps'], queryFn: () => client.getLaps({ params: { session_id } }) })

export const trackQuery = (session_id: string) =>
  queryOptions({
    queryKey: ['session', session_id, 'track'],
    queryFn: () => client.getTrack({ params: { session_id } }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** As many points as the widest chart has pixels for, twice. */
const chartPoints = 2_000
/** A value each second of five and a half hours: what is added up is added up from every one. */
export const allPoints = 20_000

export const streamsQuery = (session_id: string, points = chartPoints) =>
  queryOptions({
    queryKey: ['session', session_id, 'streams', points],
    queryFn: () => client.getStreams({ params: { session_id }, query: { points } }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Several metrics over the hours of a night, every source as its own line. */
export const nightSeriesQuery = (metrics: readonly string[], start_time: string, end_time: string) =>
  queryOptions({
    queryKey: ['timeline', 'night', metrics, start_time, end_time],
    queryFn: () => client.getTimeline({ query: { metric: [...metrics], start_time, end_time, points: 600 } }),
    staleTime: 60_000,
  })

export const plansQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['plans', from, to],
    queryFn: () => client.listPlannedSessions({ query: { from, to, limit: 500 } }),
    placeholderData: keepPreviousData,
  })

export const planQuery = (planned_session_id: string) =>
  queryOptions({
    queryKey: ['plans', planned_session_id],
    queryFn: () => client.getPlannedSession({ params: { planned_session_id } }),
  })
