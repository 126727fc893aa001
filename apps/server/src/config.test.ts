import type { Provider } from '@tributary/providers/kit'
import { describe, expect, test } from 'vitest'
import { appSetting, ConfigError, dormantSettings, envExample, readConfig, settings } from './config.ts'
import { providerSettings } from './provider-settings.ts'

describe('what is set', () => {
  test('with nothing set the server listens on loopback, port 8004, with its own database', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8004,
      SIGNUP: 'invite',
      DATA_COMPRESSION_ENABLED: true,
      DEBUG: false,
    })
    expect(config.DATABASE_URL).toBeUndefined()
  })

  test('an empty value means that nothing is set', () => {
    expect(readConfig({ PORT: '', REDIS_URL: ' ' })).toMatchObject({ PORT: 8004, REDIS_URL: undefined })
  })

  test('every name of the device service document is known', () => {
    const document = [
      'SERVICE_NAME',
      'SERVICE_VERSION',
      'ENVIRONMENT',
      'DEBUG',
      'LOG_LEVEL',
      'DATABASE_URL',
      'REDIS_URL',
      'KAFKA_BOOTSTRAP_SERVERS',
      'FITBIT_CLIENT_ID',
      'FITBIT_CLIENT_SECRET',
      'GARMIN_CONSUMER_KEY',
      'GARMIN_CONSUMER_SECRET',
      'OURA_PERSONAL_ACCESS_TOKEN',
      'DEFAULT_SYNC_INTERVAL_MINUTES',
      'MAX_SYNC_RETRIES',
      'SYNC_TIMEOUT_SECONDS',
      'BATCH_SIZE',
      'DATA_RETENTION_DAYS',
      'DATA_COMPRESSION_ENABLED',
      'QUALITY_THRESHOLD',
      'AUTH_SERVICE_URL',
      'HEALTH_TRACKING_SERVICE_URL',
      'ENCRYPTION_KEY',
      'JWT_SECRET_KEY',
    ]
    const known = Object.entries(settings).flatMap(([name, line]) => [
      name,
      ...('aliases' in line && line.aliases ? line.aliases : []),
    ])
    expect(known).toEqual(expect.arrayContaining(document))
  })

  test('the Garmin consumer key and secret are other names of the client id and secret', () => {
    const config = readConfig({ GARMIN_CONSUMER_KEY: 'k-1', GARMIN_CONSUMER_SECRET: 's-1' })
    expect(config).toMatchObject({ GARMIN_CLIENT_ID: 'k-1', GARMIN_CLIENT_SECRET: 's-1' })
  })
})

describe('a made-up provider brings its settings with its folder', () => {
  const acme: Provider = {
    ...{ id: 'acme', name: 'Acme Scales', makers: [], arrives: 'cloud', auth: { kind: 'none' }, limits: [], feeds: {} },
    appSettings: [
      { name: 'store_key', title: { en: 'Key of the store', de: '', fr: '' }, secret: true, needed: true },
      { name: 'flavour', title: { en: 'Flavour', de: '', fr: '' } },
    ],
  }
  const made = providerSettings([acme, { ...acme, id: 'on_the_phone', arrives: 'phone' }])

  test('id, secret, addresses and what it needs besides, the secrets among them marked', () => {
    const said = Object.entries(made).map(([name, { does, secret }]) => [name, does, secret === true])
    expect(said).toEqual([
      ['ACME_CLIENT_ID', 'Acme Scales: client id of your app', false],
      ['ACME_CLIENT_SECRET', 'Acme Scales: client secret of your app', true],
      ['ACME_STORE_KEY', 'Acme Scales: Key of the store; without it nobody can sign in', true],
      ['ACME_FLAVOUR', 'Acme Scales: Flavour', false],
      ['ACME_BASE_URL', 'Acme Scales: replaces the origin of its API (sandbox, proxy)', false],
      ['ACME_AUTH_URL', 'Acme Scales: replaces the origin of its sign-in', false],
    ])
  })

  test('every provider of the registry with a cloud has its own, by the names its literal gives', () => {
    const config = readConfig({ SUUNTO_SUBSCRIPTION_KEY: 'k-1', FITBIT_SERVICE_ACCOUNT: '{"a":1}' })
    expect(appSetting(config, { id: 'suunto' }, 'subscription_key')).toBe('k-1')
    expect(appSetting(config, { id: 'fitbit' }, 'service_account')).toBe('{"a":1}')
    expect(appSetting(config, { id: 'wahoo' }, 'webhook_token')).toBeUndefined()
    expect(() => readConfig({ SUUNTO_SUBSCRIPTION_KEY: 'changeme' })).toThrow(/example value/)
  })
})

describe('wrong values stop the start with one line', () => {
  const lines: [Record<string, string>, string][] = [
    [{ PORT: 'eighty' }, 'PORT got "eighty"; it takes a whole number from 0 to 65535'],
    [{ DEBUG: 'maybe' }, 'DEBUG got "maybe"; it takes true or false'],
    [{ DATABASE_URL: 'mysql://a/b' }, 'DATABASE_URL got "mysql://a/b"; it takes a postgresql:// URL'],
    [{ REDIS_URL: 'localhost' }, 'REDIS_URL got "localhost"; it takes a redis:// URL'],
    [{ KAFKA_BOOTSTRAP_SERVERS: 'kafka' }, 'KAFKA_BOOTSTRAP_SERVERS got "kafka"; it takes host:port, with commas'],
    [
      { DEFAULT_SYNC_INTERVAL_MINUTES: '5' },
      'DEFAULT_SYNC_INTERVAL_MINUTES got "5"; it takes a whole number from 15 to 1440',
    ],
    [{ QUALITY_THRESHOLD: '1.5' }, 'QUALITY_THRESHOLD got "1.5"; it takes a number from 0 to 1'],
    [{ SIGNUP: 'yes' }, 'SIGNUP got "yes"; it takes invite, open or closed'],
    [{ TLS_CERT_FILE: '/a.pem' }, 'TLS_CERT_FILE and TLS_KEY_FILE go together: one of them is missing'],
  ]
  test.each(lines)('%j', (env, line) => {
    expect(() => readConfig(env)).toThrow(new ConfigError(line))
  })

  test('the value of a secret is never in the line', () => {
    expect(() => readConfig({ JWT_SECRET_KEY: 'short-one' })).toThrow(
      new ConfigError('JWT_SECRET_KEY got a value that is not shown; it takes at least 32 characters'),
    )
  })

  test.each(['ENCRYPTION_KEY', 'JWT_SECRET_KEY', 'FITBIT_CLIENT_ID', 'GARMIN_CONSUMER_SECRET'])(
    'the example value that the documents give for %s is refused',
    (name) => {
      const example = `your-${name.toLowerCase().replaceAll('_', '-')}`
      expect(() => readConfig({ [name]: example })).toThrow(/example value/)
    },
  )

  test('the password in a database address is not in the line', () => {
    expect(() => readConfig({ DATABASE_URL: 'http://me:hunter22@db/x' })).toThrow(
      new ConfigError('DATABASE_URL got "http://…@db/x"; it takes a postgresql:// URL'),
    )
  })
})

test('a name whose part comes later is named with the part it waits for', () => {
  const waiting = dormantSettings({
    REDIS_URL: 'redis://localhost',
    AUTH_SERVICE_URL: 'http://auth:8000',
    PORT: '1',
  })
  expect(waiting).toEqual([
    { name: 'REDIS_URL', part: 'growth' },
    { name: 'AUTH_SERVICE_URL', part: 'access' },
  ])
})

test('.env.example names every setting with what it takes, and sets none', () => {
  const text = envExample()
  for (const name of Object.keys(settings)) expect(text).toContain(`#${name}=`)
  expect(text.split('\n').filter((line) => line && !line.startsWith('#'))).toEqual([])
})
