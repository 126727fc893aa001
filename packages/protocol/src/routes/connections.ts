/** Providers and a person's links to them: what can be connected, signing in, and what becomes of a connection. */
import { z } from 'zod'
import { Flag, paging, Uuid } from '../fields.ts'
import { route } from '../route.ts'
import { runStatuses, SyncRun } from './devices.ts'

const tag = 'Connections'

export const connectionStatuses = ['pending', 'active', 'paused', 'needs_reauth', 'ended'] as const
export const authKinds = ['oauth2', 'oauth1', 'key', 'none'] as const
export const arrivals = ['cloud', 'phone', 'file', 'local'] as const
/**
 * What becomes of what a provider posts. `kept`, `known` (told before) and `unknown_account` count what requests say, the others
 * requests; `postponed`: what it is proved with is not there yet, so it is to be sent again.
 */
export const webhookOutcomes = [
  'kept',
  'known',
  'unknown_account',
  'handshake',
  'refused',
  'unreadable',
  'postponed',
] as const
/** The languages a provider's words come in. */
export const wordLanguages = ['en', 'de', 'fr'] as const

const Language = z
  .enum(wordLanguages)
  .optional()
  .meta({ description: 'Of titles and explanations; `Accept-Language` decides when absent' })

const ConnectionFeed = z.strictObject({
  feed: z.string(),
  title: z.string(),
  is_on: z.boolean().meta({ description: 'False when the person did not grant what it needs' }),
  read_until: z.string().nullable().meta({ description: 'Everything before it has been read' }),
  last_success: z.string().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
})

export const Connection = z.strictObject({
  connection_id: Uuid,
  user_id: Uuid,
  short_id: z
    .string()
    .meta({ description: '`strava`, `apple_2`: never used again for another account while data remain' }),
  provider: z.string(),
  provider_name: z.string(),
  provider_account: z.string().nullable(),
  provider_profile: z.record(z.string(), z.unknown()),
  status: z.enum(connectionStatuses),
  is_active: z.boolean(),
  error_code: z.string().nullable().meta({ description: 'Why it needs a new sign-in, or what failed last' }),
  error_message: z.string().nullable(),
  granted_scopes: z.array(z.string()),
  token_expires_at: z.string().nullable(),
  feeds: z.array(ConnectionFeed),
  last_sync: z.string().nullable(),
  last_success: z.string().nullable(),
  connected_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  tells_provider: z.boolean().meta({
    description:
      'Whether its provider is told when it is disconnected, and ends the access: not where it takes no such word, of a key or of what is sent here, nor while another person here has the same account',
  }),
  is_demo: z.boolean().optional().meta({ description: 'To an emulated cloud of the demo' }),
})

const params = z.strictObject({ connection_id: Uuid })
const providerParams = z.strictObject({ provider: z.string().min(1).max(60) })
const typeParams = z.strictObject({ type: z.string().min(1).max(60) })

export const listConnections = route({
  method: 'GET',
  path: '/api/v1/providers/connections',
  alsoAt: '/providers/connections',
  summary: 'List your connections',
  tag,
  scope: 'connections:read',
  connectSession: true,
  query: z.strictObject({ language: Language }),
  returns: { status: 200, body: z.array(Connection) },
  problems: [],
})

export const getConnection = route({
  method: 'GET',
  path: '/api/v1/providers/connections/{connection_id}',
  alsoAt: '/providers/connections/{connection_id}',
  summary: 'Read one connection',
  tag,
  scope: 'connections:read',
  connectSession: true,
  params,
  query: z.strictObject({ language: Language }),
  returns: { status: 200, body: Connection },
  problems: ['not_found'],
})

export const getConnectionOfProvider = route({
  method: 'GET',
  path: '/api/v1/providers/connections/provider/{provider}',
  alsoAt: '/providers/connections/provider/{provider}',
  summary: 'Read the connection to a provider',
  description: 'The oldest active one, or with `all=true` all of them.',
  tag,
  scope: 'connections:read',
  params: providerParams,
  query: z.strictObject({ all: Flag.optional(), language: Language }),
  returns: { status: 200, body: z.union([Connection, z.array(Connection)]) },
  problems: ['not_found', 'provider_unknown'],
})

export const deleteConnection = route({
  method: 'DELETE',
  path: '/api/v1/providers/connections/{connection_id}',
  alsoAt: '/providers/connections/{connection_id}',
  summary: 'Disconnect',
  description: 'Ends the access at the provider too. What was read stays, unless `data=delete`.',
  tag,
  scope: 'connections:write',
  params,
  query: z.strictObject({ data: z.enum(['keep', 'delete']).default('keep') }),
  returns: { status: 204 },
  problems: ['not_found', 'busy'],
})

export const toggleConnection = route({
  method: 'PATCH',
  path: '/api/v1/providers/connections/{connection_id}/toggle',
  alsoAt: '/providers/connections/{connection_id}/toggle',
  summary: 'Pause or resume a connection',
  description: 'Without `is_active` it is turned over.',
  tag,
  scope: 'connections:write',
  params,
  body: z.strictObject({ is_active: z.boolean().optional() }),
  returns: { status: 200, body: Connection },
  problems: ['not_found'],
})

export const syncConnection = route({
  method: 'POST',
  path: '/api/v1/providers/connections/{connection_id}/sync',
  alsoAt: '/providers/connections/{connection_id}/sync',
  summary: 'Sync a connection now',
  description: 'A sync under way is answered with its id.',
  tag,
  scope: 'sync:write',
  params,
  returns: { status: 202, body: z.strictObject({ sync_id: Uuid, status: z.enum(runStatuses) }) },
  problems: ['not_found', 'connection_paused', 'sync_not_taken'],
})

export const replayConnection = route({
  method: 'POST',
  path: '/api/v1/providers/connections/{connection_id}/replay',
  summary: 'Read the kept answers of a connection again',
  description:
    'What the provider answered within RAW_PAYLOAD_DAYS is read once more as records are read today; the provider is not asked. A run of trigger `retry`.',
  tag,
  scope: 'sync:write',
  params,
  returns: { status: 202, body: z.strictObject({ sync_id: Uuid, status: z.enum(runStatuses) }) },
  problems: ['not_found', 'sync_not_taken'],
})

export const listConnectionSyncs = route({
  method: 'GET',
  path: '/api/v1/providers/connections/{connection_id}/sync-history',
  alsoAt: '/providers/connections/{connection_id}/sync-history',
  summary: 'List the sync runs of a connection, newest first',
  tag,
  scope: 'sync:read',
  params,
  query: z.strictObject({ status: z.enum(runStatuses).optional(), ...paging }),
  returns: { status: 200, body: z.array(SyncRun) },
  problems: ['not_found'],
})

export const getConnectionSyncStatus = route({
  method: 'GET',
  path: '/api/v1/providers/connections/{connection_id}/sync-status',
  alsoAt: '/providers/connections/{connection_id}/sync-status',
  summary: 'Read how the syncing of a connection stands',
  tag,
  scope: 'sync:read',
  params,
  returns: {
    status: 200,
    body: z.strictObject({
      connection_id: Uuid,
      provider: z.string(),
      status: z.enum(connectionStatuses),
      is_active: z.boolean(),
      sync_status: z.enum(runStatuses),
      last_sync: z.string().nullable(),
      last_success: z.string().nullable(),
      running: SyncRun.nullable(),
      last_run: SyncRun.nullable(),
    }),
  },
  problems: ['not_found'],
})

export const getProviderSummary = route({
  method: 'GET',
  path: '/api/v1/providers/summary',
  alsoAt: '/providers/summary',
  summary: 'Sum up all connections',
  tag,
  scope: 'connections:read',
  returns: {
    status: 200,
    body: z.strictObject({
      total_connections: z.number().int(),
      active_connections: z.number().int(),
      needs_reauth: z.number().int(),
      providers: z.array(
        z.strictObject({
          provider: z.string(),
          provider_name: z.string(),
          connections: z.number().int(),
          active: z.number().int(),
          health: z.enum(['good', 'waiting', 'failing', 'needs_reauth', 'paused']),
          last_sync: z.string().nullable(),
          last_success: z.string().nullable(),
          records_synced: z.number().int(),
        }),
      ),
    }),
  },
  problems: [],
})

export const AvailableProvider = z.strictObject({
  provider: z.string(),
  name: z.string(),
  arrives: z.enum(arrivals),
  auth_kind: z.enum(authKinds),
  other_ways: z
    .array(
      z.strictObject({
        auth_kind: z.enum(authKinds),
        title: z.string(),
        ends_on: z.string().nullable(),
        is_configured: z.boolean().meta({ description: 'Whether this installation has what it needs for it' }),
      }),
    )
    .meta({
      description: 'How else one may sign in now, what is to be known of it, and the day from which it is over',
    }),
  is_configured: z.boolean().meta({ description: 'Whether this installation can sign people in to it now' }),
  missing_settings: z.array(z.string()).meta({ description: 'What an operator has to give first' }),
  access: z.string().nullable().meta({ description: 'What must be had first, or how its data get here' }),
  scopes: z.array(z.strictObject({ scope: z.string(), title: z.string(), is_optional: z.boolean() })),
  credentials: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      is_secret: z.boolean(),
      example: z.string().nullable(),
    }),
  ),
  credentials_help: z.string().nullable(),
  credentials_url: z.string().nullable(),
  regions: z.array(z.strictObject({ region: z.string(), title: z.string() })),
  feeds: z.array(
    z.strictObject({
      feed: z.string(),
      title: z.string(),
      brings: z.array(z.string()),
      scopes: z.array(z.string()),
      look_back_days: z.number(),
      history_days: z.number().nullable().meta({
        description:
          'How far back it can be asked; null without a known end, 0 for a list that has no past and tells what stands there now',
      }),
    }),
  ),
  limits: z.array(z.strictObject({ requests: z.number(), per: z.string(), of: z.enum(['app', 'person']) })),
  has_webhooks: z.boolean(),
})

export const listAvailableProviders = route({
  method: 'GET',
  path: '/api/v1/providers/available-providers',
  alsoAt: '/providers/available-providers',
  summary: 'List what can be connected',
  tag,
  scope: 'connections:read',
  connectSession: true,
  query: z.strictObject({ language: Language }),
  returns: { status: 200, body: z.array(AvailableProvider) },
  problems: [],
})

export const listIntegrations = route({
  method: 'GET',
  path: '/api/v1/integrations',
  summary: 'List integrations',
  description: 'The registry in the words of integrations, with how many of them you have connected.',
  tag,
  scope: 'connections:read',
  connectSession: true,
  query: z.strictObject({ language: Language }),
  returns: {
    status: 200,
    body: z.array(
      z.strictObject({
        integration_type: z.string(),
        name: z.string(),
        auth_kind: z.enum(authKinds),
        arrives: z.enum(arrivals),
        is_configured: z.boolean(),
        connections: z.number().int(),
        data_types: z.array(z.string()),
      }),
    ),
  },
  problems: [],
})

export const startSignIn = route({
  method: 'POST',
  path: '/api/v1/integrations/{type}/auth',
  summary: 'Begin signing in to a provider, or hand over its key',
  description:
    'OAuth: answers where to send the person, bound to this browser or caller, good once for ten minutes. API keys and personal tokens: `credentials`, tried at once, and the connection is answered with 201; or with 200 the page on which the person says yes to an account that somebody else here has.',
  tag,
  scope: 'connections:write',
  connectSession: true,
  params: typeParams,
  body: z.strictObject({
    return_to: z.string().max(2_000).optional().meta({
      description:
        'A path of the app, or a URL that the connect session allows. The page a person comes back to speaks the `language` in it',
    }),
    scopes: z.array(z.string().max(200)).max(100).optional(),
    region: z
      .string()
      .max(40)
      .optional()
      .meta({ description: 'Of a brand with several clouds; its first when absent' }),
    auth_kind: z
      .enum(['oauth2', 'oauth1'])
      .optional()
      .meta({ description: 'One of `other_ways`; the usual way when absent' }),
    credentials: z.record(z.string().max(100), z.string().max(8_192)).optional(),
  }),
  returns: {
    status: 200,
    body: z.union([
      z.strictObject({ authorization_url: z.string(), state: z.string(), expires_at: z.string() }),
      z
        .strictObject({ confirm_url: z.string(), expires_at: z.string() })
        .meta({ description: 'Somebody else here has this account: the page where the person says yes to sharing it' }),
    ]),
  },
  orReturns: { status: 201, body: Connection },
  problems: [
    'provider_unknown',
    'provider_not_configured',
    'sign_in_not_taken',
    'credentials_refused',
    'return_to_not_allowed',
    'provider_unavailable',
  ],
  secret: ['authorization_url', 'confirm_url'],
})

export const finishSignIn = route({
  method: 'GET',
  path: '/api/v1/integrations/{type}/callback',
  summary: 'Where a provider sends the person back to',
  description: 'Answers a page that says what happened, and leads back to the app. For browsers, not for programs.',
  tag,
  scope: 'public',
  params: typeParams,
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  returns: { status: 200, description: 'A page for people' },
  produces: ['text/html'],
  problems: [],
})

export const PendingSignIn = z.strictObject({
  provider: z.string(),
  provider_name: z.string(),
  provider_account: z.string().meta({ description: 'The provider’s own id of the account' }),
  profile: z.record(z.string(), z.unknown()),
  reason: z
    .enum(['other_browser', 'shared_account'])
    .meta({ description: 'Why the person is asked once more before it connects' }),
  expires_at: z.string(),
})

export const getPendingSignIn = route({
  method: 'GET',
  path: '/api/v1/integrations/{type}/confirm/{token}',
  summary: 'See the account that waits for a yes',
  description:
    'Only in the browser that the provider’s answer came to, and only for who asked: the person, or the connect session’s guest.',
  tag,
  scope: 'connections:write',
  connectSession: true,
  params: z.strictObject({ type: z.string().min(1).max(60), token: z.string().min(20).max(100) }),
  returns: { status: 200, body: PendingSignIn },
  problems: ['not_found'],
})

export const confirmSignIn = route({
  method: 'POST',
  path: '/api/v1/integrations/{type}/confirm',
  summary: 'Connect the account that was shown',
  description: 'Where it could be seen, and once.',
  tag,
  scope: 'connections:write',
  connectSession: true,
  params: typeParams,
  body: z.strictObject({ token: z.string().min(20).max(100) }),
  returns: { status: 201, body: Connection },
  problems: ['not_found'],
})

export const declineSignIn = route({
  method: 'DELETE',
  path: '/api/v1/integrations/{type}/confirm/{token}',
  summary: 'Do not connect the account that was shown',
  description: 'What opens it is deleted at once. What was allowed at the provider is taken back there.',
  tag,
  scope: 'connections:write',
  connectSession: true,
  params: z.strictObject({ type: z.string().min(1).max(60), token: z.string().min(20).max(100) }),
  returns: { status: 204 },
  problems: ['not_found'],
})

export const PlatformDevice = z.strictObject({
  platform_device_id: z.string(),
  name: z.string(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  device_id: Uuid.nullable().meta({ description: 'The device here, when it has been imported' }),
  connection_id: Uuid,
  last_seen: z.string().nullable(),
})

export const listIntegrationDevices = route({
  method: 'GET',
  path: '/api/v1/integrations/{type}/devices',
  summary: 'List the devices that a platform knows',
  tag,
  scope: 'connections:read',
  params: typeParams,
  returns: { status: 200, body: z.array(PlatformDevice) },
  problems: ['provider_unknown', 'provider_not_connected'],
})

export const importIntegrationDevices = route({
  method: 'POST',
  path: '/api/v1/integrations/{type}/import',
  summary: 'Add devices that a platform knows to yours',
  tag,
  scope: 'connections:write',
  params: typeParams,
  body: z.strictObject({ device_ids: z.array(z.string().min(1).max(400)).min(1).max(100) }),
  returns: {
    status: 201,
    body: z.array(z.strictObject({ platform_device_id: z.string(), device_id: Uuid, device_name: z.string() })),
  },
  problems: ['provider_unknown', 'provider_not_connected', 'not_found'],
})

type WebhookCounts = Record<(typeof webhookOutcomes)[number], z.ZodNumber>

export const ProviderApp = z.strictObject({
  provider: z.string(),
  name: z.string(),
  client_id: z.string().nullable(),
  has_secret: z.boolean(),
  extra: z
    .record(z.string(), z.string().nullable())
    .meta({ description: 'What the provider wants besides; secrets are null' }),
  settings: z
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        is_secret: z.boolean(),
        is_needed: z.boolean().meta({ description: 'Without it nobody can sign in' }),
        has_value: z.boolean(),
        is_from_environment: z.boolean().meta({ description: 'And changed there alone' }),
      }),
    )
    .meta({ description: 'The names of `extra`, with what each is' }),
  origin: z.enum(['environment', 'settings', 'demo']).nullable(),
  redirect_uri: z.string().meta({ description: 'To copy into the provider’s own settings' }),
  webhook_url: z.string().nullable(),
  webhook_help: z.string().nullable(),
  webhook_counts: z
    .strictObject(Object.fromEntries(webhookOutcomes.map((outcome) => [outcome, z.number().int()])) as WebhookCounts)
    .nullable()
    .meta({ description: 'What became of what the provider posted, since the server’s process began' }),
  base_url: z.string().nullable(),
  auth_url: z.string().nullable(),
  app_url: z.string().nullable().meta({ description: 'Where an app is registered at the provider' }),
  connections: z.number().int(),
  updated_at: z.string().nullable(),
})

export const listProviderApps = route({
  method: 'GET',
  path: '/api/v1/provider-apps',
  summary: 'List this installation’s apps at providers',
  tag,
  scope: 'admin',
  query: z.strictObject({ language: Language }),
  returns: { status: 200, body: z.array(ProviderApp) },
  problems: [],
})

export const getProviderApp = route({
  method: 'GET',
  path: '/api/v1/provider-apps/{provider}',
  summary: 'Read this installation’s app at a provider',
  tag,
  scope: 'admin',
  params: providerParams,
  query: z.strictObject({ language: Language }),
  returns: { status: 200, body: ProviderApp },
  problems: ['provider_unknown'],
})

export const putProviderApp = route({
  method: 'PUT',
  path: '/api/v1/provider-apps/{provider}',
  summary: 'Set this installation’s app at a provider',
  description: 'Secrets are written, never read. What is not given stays as it is.',
  tag,
  scope: 'admin',
  params: providerParams,
  body: z.strictObject({
    client_id: z.string().trim().min(1).max(500).optional(),
    client_secret: z.string().trim().min(1).max(2_000).optional(),
    extra: z.record(z.string().max(100), z.string().max(8_192)).optional(), // a service account's key is 2.4 kB
  }),
  returns: { status: 200, body: ProviderApp },
  problems: ['provider_unknown', 'app_from_environment', 'sign_in_not_taken'],
})

export const deleteProviderApp = route({
  method: 'DELETE',
  path: '/api/v1/provider-apps/{provider}',
  summary: 'Forget this installation’s app at a provider',
  tag,
  scope: 'admin',
  params: providerParams,
  returns: { status: 204 },
  problems: ['provider_unknown', 'app_from_environment'],
})

export const testProviderApp = route({
  method: 'POST',
  path: '/api/v1/provider-apps/{provider}/test',
  summary: 'Try this installation’s app at a provider',
  description:
    'Asks the token endpoint with a code that cannot be right: the kind of refusal tells whether id and secret are.',
  tag,
  scope: 'admin',
  params: providerParams,
  returns: {
    status: 200,
    body: z.strictObject({
      result: z.enum(['accepted', 'refused', 'unreachable', 'unclear']),
      detail: z.string(),
    }),
  },
  problems: ['provider_unknown', 'provider_not_configured'],
})

/** How far back the first sync of a connection goes, unless its device asks for more. */
export const firstSyncDays = 30

/** What the connect page says to the page that frames or opened it. */
export const ConnectEvent = z.discriminatedUnion('type', [
  z.object({
    source: z.literal('tributary'),
    type: z.literal('connected'),
    provider: z.string(),
    connection_id: Uuid,
  }),
  z.object({ source: z.literal('tributary'), type: z.literal('closed') }),
])
export type ConnectEvent = z.output<typeof ConnectEvent>

export const ConnectSession = z.strictObject({
  connect_session_id: Uuid,
  providers: z.array(z.string()).nullable(),
  theme: z.enum(['light', 'dark', 'auto']),
  language: z.enum(wordLanguages).nullable(),
  return_to: z.string().nullable(),
  allowed_origins: z.array(z.string()),
  expires_at: z.string(),
})

export const createConnectSession = route({
  method: 'POST',
  path: '/api/v1/connect-sessions',
  summary: 'Make a link to the connect page for another app',
  description:
    'The token is good for fifteen minutes and only for connecting. The page may be framed by, and tells what happens to, `allowed_origins` alone.',
  tag,
  scope: 'connections:write',
  body: z.strictObject({
    providers: z.array(z.string().max(60)).min(1).max(100).optional(),
    theme: z.enum(['light', 'dark', 'auto']).optional(),
    language: z.enum(wordLanguages).optional(),
    return_to: z.string().max(2_000).optional(),
    allowed_origins: z.array(z.url().max(200)).max(10).optional(),
  }),
  returns: {
    status: 201,
    body: z.strictObject({ ...ConnectSession.shape, token: z.string(), url: z.string() }),
  },
  problems: ['provider_unknown', 'return_to_not_allowed'],
  secret: ['token'],
})

export const getConnectSession = route({
  method: 'GET',
  path: '/api/v1/connect-sessions/current',
  summary: 'Read the connect session of this token',
  tag,
  scope: 'connections:read',
  connectSession: true,
  returns: { status: 200, body: ConnectSession },
  problems: ['not_found'],
})
