/** Brings everything up in order — settings, secrets, database, schema, routes — and takes it down in reverse. */
import { mkdir, readFile } from 'node:fs/promises'
import { findProvider } from '@tributary/providers'
import type { FastifyInstance } from 'fastify'
import { openAccounts } from './accounts/accounts.ts'
import { makeConfiguredOwner } from './accounts/configured-owner.ts'
import { createApp } from './app.ts'
import { type Config, dataDirOf } from './config.ts'
import { openConnect } from './connect/connect.ts'
import { createCloudsOfDemo } from './demo/clouds/demo-clouds.ts'
import { openDemo } from './demo/loader.ts'
import { watchSightings } from './devices/sightings.ts'
import { openExporter } from './exports/exporter.ts'
import { findDatabase } from './find-database.ts'
import { openImporter } from './imports/open-importer.ts'
import { parseBytesWith } from './imports/parse-bytes.ts'
import { createParser } from './imports/parse-file.ts'
import { createDeleteReadings } from './ingest/delete-readings.ts'
import { createIngest } from './ingest/ingest.ts'
import { judgeTold } from './ingest/judge-told.ts'
import { createTakeTold } from './ingest/take-told.ts'
import type { Parts } from './parts.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import { addressOf } from './platform/db/address.ts'
import { openDatabase } from './platform/db/database.ts'
import { migrate } from './platform/db/migrate.ts'
import { watchDisk } from './platform/disk-reserve.ts'
import { createEgress } from './platform/egress/egress.ts'
import { everyHour } from './platform/every-hour.ts'
import type { Log } from './platform/log.ts'
import { type CompactorOptions, startCompactor } from './platform/samples/compactor.ts'
import { createSampleStore } from './platform/samples/store.ts'
import { openSealing } from './platform/sealing.ts'
import { loadSecrets } from './platform/secrets.ts'
import { createDeviceSources } from './platform/sources/device-sources.ts'
import { openBook, watchBook } from './platform/suppressions/book.ts'
import { sweepLifted } from './platform/suppressions/suppressions.queries.ts'
import { createTelemetry } from './platform/telemetry/telemetry.ts'
import { createWorkFamilies } from './platform/telemetry/work-families.ts'
import { countHooks } from './receive/count-hooks.ts'
import { forgetOldBatches } from './receive/forget-batches.ts'
import { createHoldBody } from './receive/hold-body.ts'
import { prefetchKeys } from './receive/public-keys.ts'
import { subscribeHooks } from './receive/subscribe-hooks.ts'
import type { HookEdges } from './receive/take-hook.ts'
import { startResolver } from './resolve/resolver.ts'
import { forgetDealtWith, startNotices } from './runs/deal-with-notices.ts'
import { forgetOldRaw } from './runs/raw-payloads.ts'
import { createReplayRecord } from './runs/replay-record.ts'
import { startRunner } from './runs/runner.ts'
import { deleteAgain } from './suppressions/delete-again.ts'

export interface Running {
  app: FastifyInstance
  parts: Parts
  /** Where it listens, e.g. `http://127.0.0.1:8004`. */
  url: string
  /** Where the first account is made; undefined when there is an owner. */
  setupLink: string | undefined
  stop(): Promise<void>
}

export interface StartOptions {
  config: Config
  log: Log
  clock?: Clock
  /** Proofs compact all the time, so that what they do to the program meets it. */
  compaction?: Pick<CompactorOptions, 'intervalMs' | 'quietMs'>
}

export async function start({ config, log, clock = systemClock, compaction }: StartOptions): Promise<Running> {
  const dataDir = dataDirOf(config)
  await mkdir(dataDir, { recursive: true })
  const secrets = await loadSecrets(dataDir, {
    encryptionKey: config.ENCRYPTION_KEY,
    jwtKey: config.JWT_SECRET_KEY,
    databaseRoles: config.DATABASE_ROLE_SECRET,
  })
  const database = await findDatabase(config, dataDir, log)
  const undo: (() => Promise<void>)[] = [database.stop]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const ran = await migrate({ admin: database.admin, roleSecret: secrets.databaseRoles })
    if (ran.length) log.info({ migrations: ran }, 'schema brought up to date')
    const db = openDatabase({
      address: addressOf(database.admin),
      roleSecret: secrets.databaseRoles,
      maxConnections: config.DATABASE_MAX_CONNECTIONS,
      onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
    })
    undo.push(db.close)
    const disk = await watchDisk({
      dir: dataDir,
      reserveMb: config.DISK_RESERVE_MB,
      onChange: (full, freeMb) =>
        log.warn(
          { free_mb: Math.round(freeMb) },
          full ? 'the disk is nearly full: new data is refused' : 'there is room again: data is taken',
        ),
    })
    undo.push(async () => disk.close())
    const telemetry = createTelemetry()
    const formerKeys = [...config.ENCRYPTION_KEY_PREVIOUS, ...secrets.formerKeys]
    const sealing = await openSealing(secrets.encryptionKey, db, formerKeys)
    const egress = createEgress({ allow: config.EGRESS_ALLOW })
    undo.push(egress.close)
    const accounts = await openAccounts({ config, dataDir, secrets, db, clock, log })
    undo.push(accounts.close)
    const connect = await openConnect({
      config,
      dataDir,
      db,
      sealing,
      isKeyChanging: formerKeys.length > 0,
      egress,
      clock,
      log,
      onRenewal: telemetry.renewed,
    })
    undo.push(connect.stop)
    const store = createSampleStore({
      writerPool: db.writerPool,
      readerFor: (userId, work) => db.readOn({ userId }, work),
      log,
      clock,
      deflate: config.DATA_COMPRESSION_ENABLED,
      onStored: telemetry.stored,
    })
    undo.push(store.drain)
    const compactor = startCompactor({ compact: store.compact, now: () => clock.now(), log, ...compaction })
    undo.push(compactor.stop)
    undo.push(everyHour('forgetting old uploads', () => forgetOldBatches(db, clock, config.BATCH_LOG_DAYS), log))
    const sightings = watchSightings({ db, clock, log })
    undo.push(sightings.stop)
    const suppressions = await openBook(db)
    const deleteReadings = createDeleteReadings(store)
    undo.push(
      watchBook({ book: suppressions, everySecond: () => deleteAgain({ db, log, deleteReadings }), log }),
      everyHour('forgetting lifted suppressions', () => db.asWriter(sweepLifted), log),
    )
    const resolver = startResolver({ db, log })
    undo.push(resolver.stop)
    const ingest = createIngest({ store, db, clock, suppressions })
    const parser = createParser({ clock, log })
    const imports = openImporter({ config, db, disk, store, ingest, parser, clock, log })
    undo.push(imports.stop)
    const takeTold = createTakeTold({
      db,
      store,
      ingest,
      parseBytes: parseBytesWith(parser),
      clock,
      syncIntervalMinutes: config.DEFAULT_SYNC_INTERVAL_MINUTES,
    })
    const { calls } = connect
    const fetching = {
      db,
      sealing,
      clock,
      log,
      disk,
      calls,
      takeTold,
      telemetry,
      rawPayloadDays: config.RAW_PAYLOAD_DAYS,
    }
    const runner = startRunner({ ...fetching, timeoutSeconds: config.SYNC_TIMEOUT_SECONDS })
    undo.push(
      runner.stop,
      everyHour('forgetting old answers of providers', () => forgetOldRaw(fetching), log, { atStart: true }),
    )
    const hooks: HookEdges = {
      db,
      sealing,
      findProvider,
      calls,
      clock,
      log,
      counts: countHooks(log),
      holdBody: createHoldBody(),
      wake: () => notices.wake(),
    }
    const notices = startNotices({
      ...fetching,
      timeoutSeconds: config.SYNC_TIMEOUT_SECONDS,
      findProvider: (id) => hooks.findProvider(id),
      wakeRunner: runner.wake,
    })
    undo.push(
      notices.stop,
      everyHour(
        'asking providers to tell us of changes',
        () =>
          subscribeHooks({ ...hooks, findProvider: (id) => hooks.findProvider(id), log, publicUrl: config.PUBLIC_URL }),
        log,
        { atStart: true },
      ),
      everyHour('fetching the keys that providers sign with', () => prefetchKeys(hooks), log, { atStart: true }),
      everyHour('forgetting what providers told', () => forgetDealtWith(fetching), log),
    )
    const clouds = config.DEMO ? createCloudsOfDemo({ db, connect, egress, log, wakeRunner: runner.wake }) : undefined
    if (clouds) undo.push(clouds.stop)
    const demo = openDemo({
      ...{ config, db, disk, store, ingest, clock, log },
      ...(clouds ? { loaded: clouds.linkFor } : {}),
    })
    undo.push(demo.stop)
    const exporter = openExporter({ db, disk, store, clock, log })
    undo.push(exporter.stop)
    const parts: Parts = {
      config,
      dataDir,
      secrets,
      db,
      disk,
      clock,
      log,
      accounts,
      authenticator: accounts.authenticator,
      sealing,
      egress,
      connect,
      calls: connect.calls,
      store,
      ingest,
      takeTold,
      judgeTold,
      imports,
      demo,
      exporter,
      suppressions,
      deleteReadings,
      deviceSources: createDeviceSources({ db, clock }),
      sightings,
      hooks,
      runner,
      replayRecord: createReplayRecord({ db, takeTold, findProvider: (id) => hooks.findProvider(id) }),
      telemetry,
      work: createWorkFamilies(db, clock),
    }
    await makeConfiguredOwner(parts)
    const tls = await readTls(config)
    const app = await createApp(parts, tls ? { tls } : {})
    undo.push(() => app.close())
    const url = await app.listen({ host: config.HOST, port: config.PORT })
    await clouds?.open(url, config.PUBLIC_URL)
    const setupLink = await accounts.setup.offerLink(config.PUBLIC_URL ?? url)
    return { app, parts, url, setupLink, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function readTls({ TLS_CERT_FILE, TLS_KEY_FILE }: Config): Promise<{ cert: Buffer; key: Buffer } | undefined> {
  if (!TLS_CERT_FILE || !TLS_KEY_FILE) return undefined
  const [cert, key] = await Promise.all([readFile(TLS_CERT_FILE), readFile(TLS_KEY_FILE)])
  return { cert, key }
}
