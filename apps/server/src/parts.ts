import type { Accounts } from './accounts/accounts.ts'
import type { Config } from './config.ts'
import type { Calls } from './connect/calls.ts'
import type { Connect } from './connect/connect.ts'
import type { Sightings } from './devices/sightings.ts'
import type { ImportQueue } from './imports/importer.ts'
import type { DeleteReadings } from './ingest/delete-readings.ts'
import type { Ingest } from './ingest/incoming.ts'
import type { JudgeTold } from './ingest/judge-told.ts'
import type { TakeTold } from './ingest/telling.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/database.ts'
import type { DiskReserve } from './platform/disk-reserve.ts'
import type { Egress } from './platform/egress/egress.ts'
import type { Authenticator } from './platform/http/caller.ts'
import type { LeasedWork } from './platform/leased-work.ts'
import type { Log } from './platform/log.ts'
import type { SampleStore } from './platform/samples/store.ts'
import type { Sealing } from './platform/sealing.ts'
import type { Secrets } from './platform/secrets.ts'
import type { DeviceSources } from './platform/sources/device-sources.ts'
import type { SuppressionBook } from './platform/suppressions/book.ts'
import type { Telemetry } from './platform/telemetry/telemetry.ts'
import type { WorkFamilies } from './platform/telemetry/work-families.ts'
import type { HookEdges } from './receive/take-hook.ts'
import type { ReplayRecord } from './runs/replay-record.ts'
import type { Runner } from './runs/runner.ts'

/** What handlers and jobs are given: the edges of the program, made once at start. */
export interface Parts {
  config: Config
  dataDir: string
  secrets: Secrets
  db: Database
  disk: DiskReserve
  authenticator: Authenticator
  accounts: Accounts
  sealing: Sealing
  egress: Egress
  connect: Connect
  calls: Calls
  store: SampleStore
  ingest: Ingest
  takeTold: TakeTold
  judgeTold: JudgeTold
  deleteReadings: DeleteReadings
  suppressions: SuppressionBook
  imports: ImportQueue
  demo: Pick<LeasedWork, 'wake'>
  exporter: Pick<LeasedWork, 'wake'>
  deviceSources: DeviceSources
  sightings: Sightings
  hooks: HookEdges
  runner: Runner
  replayRecord: ReplayRecord
  telemetry: Telemetry
  work: WorkFamilies
  clock: Clock
  log: Log
}
