/**
 * Every setting: its name in the environment, what it takes, its default and what it does.
 * `--help`, `.env.example`, the docs and the errors are all made from this list; nothing else reads the environment.
 */
import { isAbsolute, resolve } from 'node:path'
import { providers } from '@tributary/providers'
import type { Provider } from '@tributary/providers/kit'
import { z } from 'zod'
import { appSettingName, providerSettings } from './provider-settings.ts'
import {
  count,
  type Effect,
  fraction,
  optionalText,
  optionalUrl,
  type Setting,
  setting,
  text,
  toggle,
  urlOf,
  webUrl,
  words,
} from './setting.ts'

const syncEngine: Effect = { later: 'the sync engine' }
const growth: Effect = { later: 'growth' }

const own = {
  SERVICE_NAME: setting({
    takes: 'text',
    parse: text,
    preset: 'tributary',
    does: 'The name /health and the logs say.',
    effect: 'now',
  }),
  SERVICE_VERSION: setting<string | undefined>({
    takes: 'text',
    parse: optionalText as z.ZodType<string | undefined, string>,
    does: "The version /health says; this program's own when empty.",
    effect: 'now',
  }),
  ENVIRONMENT: setting({
    takes: 'development, test, staging or production',
    parse: z.enum(['development', 'test', 'staging', 'production']) as z.ZodType<string, string>,
    preset: 'production',
    does: 'Named in the logs; development writes them for people to read.',
    effect: 'now',
  }),
  DEBUG: toggle('false', 'Logs at level debug unless LOG_LEVEL says otherwise. Never shows secrets or values.'),
  LOG_LEVEL: setting<string | undefined>({
    takes: 'DEBUG, INFO, WARNING or ERROR',
    parse: z
      .string()
      .trim()
      .toUpperCase()
      .pipe(z.enum(['DEBUG', 'INFO', 'WARNING', 'WARN', 'ERROR'])) as z.ZodType<string | undefined, string>,
    does: 'How much is logged; INFO when empty.',
    effect: 'now',
  }),

  HOST: setting({
    takes: 'an address or host name',
    parse: text,
    preset: '127.0.0.1',
    does: 'Where to listen. 0.0.0.0 opens it to the network.',
    effect: 'now',
  }),
  PORT: count(0, 65_535, 8004, 'The port; 0 takes any free one.'),
  PUBLIC_URL: optionalUrl(
    webUrl,
    'an http(s) URL',
    'The address people use. Only this host and loopback are answered.',
  ),
  TLS_CERT_FILE: setting<string | undefined>({
    takes: 'a file path',
    parse: optionalText as z.ZodType<string | undefined, string>,
    does: 'Serves HTTPS with this certificate (PEM); needs TLS_KEY_FILE.',
    effect: 'now',
  }),
  TLS_KEY_FILE: setting<string | undefined>({
    takes: 'a file path',
    parse: optionalText as z.ZodType<string | undefined, string>,
    does: 'The key of TLS_CERT_FILE (PEM).',
    effect: 'now',
  }),
  TRUST_PROXY: setting<string[]>({
    takes: 'addresses or networks, with commas',
    parse: words,
    preset: '',
    does: 'Proxies whose X-Forwarded headers are believed.',
    effect: 'now',
  }),
  ALLOW_INSECURE_HTTP: toggle('false', 'Lets people sign in over plain HTTP from other machines.'),
  SIGNUP: setting({
    takes: 'invite, open or closed',
    parse: z.enum(['invite', 'open', 'closed']),
    preset: 'invite',
    does: 'Who may register after the owner.',
    effect: 'now',
  }),
  OWNER_EMAIL: setting<string | undefined>({
    takes: 'an e-mail address',
    parse: z.email().toLowerCase() as unknown as z.ZodType<string | undefined, string>,
    does: 'With OWNER_PASSWORD: makes the owner account at first start.',
    effect: 'now',
  }),
  OWNER_PASSWORD: setting<string | undefined>({
    takes: 'at least 8 characters',
    parse: z.string().min(8).max(256) as unknown as z.ZodType<string | undefined, string>,
    does: 'See OWNER_EMAIL.',
    effect: 'now',
    secret: true,
  }),

  DEMO: toggle(
    'false',
    "Adds a year of demo data to the owner's account, marked as such and removable with one click.",
  ),

  DATA_DIR: setting({
    takes: 'a directory',
    parse: text,
    preset: './data',
    does: 'Where the database, secrets and caches live.',
    effect: 'now',
  }),
  DATABASE_URL: optionalUrl(
    urlOf('postgres:', 'postgresql:'),
    'a postgresql:// URL',
    'Your own PostgreSQL (15 or newer) instead of the embedded one; its user needs CREATEROLE.',
  ),
  DATABASE_MAX_CONNECTIONS: count(2, 500, 16, 'Connections for requests.'),
  DISK_RESERVE_MB: count(16, 1_000_000, 256, 'Below this much free disk, writes answer 507.'),
  ENCRYPTION_KEY: setting<string | undefined>({
    takes: 'at least 32 characters',
    parse: z.string().min(32) as z.ZodType<string | undefined, string>,
    does: "Seals the keys of people's credentials. Made in DATA_DIR/secrets when empty.",
    effect: 'now',
    secret: true,
  }),
  ENCRYPTION_KEY_PREVIOUS: setting<string[]>({
    takes: 'keys of at least 32 characters, with commas',
    parse: words.refine((list) => list.every((key) => key.length >= 32)),
    preset: '',
    does: 'Former values of ENCRYPTION_KEY: what they sealed is readable and sealed anew while the server runs. The log says when they are not needed any more.',
    effect: 'now',
    secret: true,
  }),
  JWT_SECRET_KEY: setting<string | undefined>({
    takes: 'at least 32 characters',
    parse: z.string().min(32) as z.ZodType<string | undefined, string>,
    does: 'Signs access tokens. Made in DATA_DIR/secrets when empty.',
    effect: 'now',
    secret: true,
  }),
  DATABASE_ROLE_SECRET: setting<string | undefined>({
    takes: 'at least 32 characters',
    parse: z.string().min(32) as z.ZodType<string | undefined, string>,
    does: 'The passwords of our database roles come from it; share it between processes. Made in DATA_DIR/secrets when empty.',
    effect: 'now',
    secret: true,
  }),

  EGRESS_ALLOW: setting<string[]>({
    takes: 'hosts, with or without a port, with commas',
    parse: words,
    preset: '',
    does: 'Private hosts that may be asked though they are no public ones, over plain HTTP too.',
    effect: 'now',
  }),

  RATE_LIMIT_PER_SECOND: count(1, 1_000_000, 1_000, 'Requests a second per caller.'),
  BATCH_SIZE: count(1, 100_000, 1_000, 'Times 60: the most values one upload may hold.'),
  BATCH_LOG_DAYS: count(1, 3_650, 30, 'Days the list of uploads is kept.'),
  RAW_PAYLOAD_DAYS: count(
    0,
    3_650,
    30,
    "Days the answers of providers are kept, sealed with each person's key, to be read again by a mended mapping; 0 keeps none.",
  ),
  DATA_COMPRESSION_ENABLED: toggle('true', 'Deflates samples when a day is closed. Either kind is always readable.'),
  DATA_RETENTION_DAYS: count(1, 36_500, 1_095, 'Days samples are kept.', { later: 'retention' }),
  QUALITY_THRESHOLD: setting({
    takes: 'a number from 0 to 1',
    parse: fraction,
    preset: '0.8',
    does: 'Quality below it is called low.',
    effect: { later: 'data quality' },
  }),

  DEFAULT_SYNC_INTERVAL_MINUTES: count(15, 1_440, 15, 'How often a new device syncs.'),
  MAX_SYNC_RETRIES: count(0, 20, 3, 'Attempts after a failed sync.', syncEngine),
  SYNC_TIMEOUT_SECONDS: count(10, 3_600, 300, 'The longest one sync may take.'),

  REDIS_URL: optionalUrl(
    urlOf('redis:', 'rediss:'),
    'a redis:// URL',
    'Latest values, limits and live fan-out over several processes.',
    growth,
  ),
  KAFKA_BOOTSTRAP_SERVERS: setting<string[] | undefined>({
    takes: 'host:port, with commas',
    parse: words.refine(
      (list) => list.length > 0 && list.every((server) => /^[\w.-]+:\d{1,5}$/.test(server)),
    ) as z.ZodType<string[] | undefined, string>,
    does: 'Carries events out and data in.',
    effect: growth,
  }),
  MQTT_URL: optionalUrl(urlOf('mqtt:', 'mqtts:'), 'an mqtt:// URL', 'The broker sensors publish to.', {
    later: 'live sensors',
  }),
  AUTH_SERVICE_URL: optionalUrl(webUrl, 'an http(s) URL', 'An outside issuer of sign-ins.', { later: 'access' }),
  HEALTH_TRACKING_SERVICE_URL: optionalUrl(webUrl, 'an http(s) URL', 'A service told of new data.', {
    later: 'outgoing webhooks',
  }),
  SMTP_URL: optionalUrl(urlOf('smtp:', 'smtps:'), 'an smtp:// URL', 'Sends mail.', { later: 'mail' }),
  MAIL_FROM: setting<string | undefined>({
    takes: 'an e-mail address',
    parse: z
      .string()
      .trim()
      .regex(/^[^@\n]+@[^@\n]+$/) as z.ZodType<string | undefined, string>,
    does: 'The sender of mail.',
    effect: { later: 'mail' },
  }),
  OURA_PERSONAL_ACCESS_TOKEN: setting<string | undefined>({
    takes: 'text',
    parse: optionalText as z.ZodType<string | undefined, string>,
    does: 'Oura has ended personal tokens: accepted, and connecting with OAuth is advised.',
    effect: 'now',
    secret: true,
  }),
} as const

type Settings = typeof own

/** Those of providers are known by what the registry says: `appSetting` reads them. */
export const settings: Settings = { ...own, ...providerSettings(providers) }

export type SettingName = keyof Settings
export type Config = { readonly [K in SettingName]: Settings[K] extends Setting<infer T> ? T : never }

/** What the environment says of the operator's app at a provider; `part` is `client_id`, `base_url` or the name of one of its `appSettings`. */
export const appSetting = (config: Config, provider: Pick<Provider, 'id'>, part: string): string | undefined =>
  (config as unknown as Record<string, string | undefined>)[appSettingName(provider, part)]

/** Values that stand in documentation; whoever copied them has no secret. */
const exampleValues = /^(your-.*|changeme|change-me|secret|password|example|test|user:password.*)$/i

export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Reads the environment. Throws a `ConfigError` of one line that names the variable, what it got and what it takes. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const values: Record<string, unknown> = {}
  for (const [name, line] of Object.entries(settings) as [SettingName, Setting<unknown>][])
    values[name] = readSetting(name, line, env)
  const config = values as unknown as Config
  if (Boolean(config.TLS_CERT_FILE) !== Boolean(config.TLS_KEY_FILE))
    throw new ConfigError('TLS_CERT_FILE and TLS_KEY_FILE go together: one of them is missing')
  if (Boolean(config.OWNER_EMAIL) !== Boolean(config.OWNER_PASSWORD))
    throw new ConfigError('OWNER_EMAIL and OWNER_PASSWORD go together: one of them is missing')
  return config
}

function readSetting(name: string, line: Setting<unknown>, env: Record<string, string | undefined>): unknown {
  const given = [name, ...(line.aliases ?? [])].find((key) => env[key]?.trim())
  const raw = given ? env[given]?.trim() : undefined
  if (raw === undefined && line.preset === undefined) return undefined
  const shown = line.secret ? 'a value that is not shown' : JSON.stringify(raw?.replace(/\/\/[^/@]*@/, '//…@'))
  if (raw !== undefined && (line.secret || /CLIENT_ID$/.test(name)) && exampleValues.test(raw))
    throw new ConfigError(`${given} got the example value of the documentation; it takes ${line.takes} of your own`)
  const parsed = line.parse.safeParse(raw ?? line.preset)
  if (!parsed.success) throw new ConfigError(`${given} got ${shown}; it takes ${line.takes}`)
  return parsed.data
}

/** The settings that were given but belong to a part that is not there yet, for one line at start. */
export function dormantSettings(env: Record<string, string | undefined>): { name: string; part: string }[] {
  return (Object.entries(settings) as [string, Setting<unknown>][]).flatMap(([name, { effect, aliases = [] }]) => {
    const given = [name, ...aliases].find((key) => env[key]?.trim())
    return given && effect !== 'now' ? [{ name: given, part: effect.later }] : []
  })
}

/** DATA_DIR as an absolute path. */
export function dataDirOf(config: Config, from = process.cwd()): string {
  return isAbsolute(config.DATA_DIR) ? config.DATA_DIR : resolve(from, config.DATA_DIR)
}

/** `.env.example`, from the list. */
export function envExample(): string {
  const lines = (Object.entries(settings) as [string, Setting<unknown>][]).map(
    ([name, { does, takes, preset, effect, aliases }]) => {
      const notes = [
        `Takes ${takes}.`,
        effect === 'now' ? '' : `Waits for ${effect.later}.`,
        aliases ? `Also read as ${aliases.join(', ')}.` : '',
      ]
      return `# ${does} ${notes.filter(Boolean).join(' ')}\n#${name}=${preset ?? ''}\n`
    },
  )
  return `# Tributary's settings, all optional. Made from apps/server/src/config.ts by \`npm run generate\`.\n\n${lines.join('\n')}`
}
