import type { Parts } from '../parts.ts'
import { type Importer, startImporter } from './importer.ts'
import type { Parser } from './parse-file.ts'
import { stepPoints } from './plan-steps.ts'

/** The importer of a running program. */
export function openImporter({
  config,
  db,
  disk,
  store,
  ingest,
  clock,
  log,
  parser,
}: Pick<Parts, 'config' | 'db' | 'disk' | 'store' | 'ingest' | 'clock' | 'log'> & { parser: Parser }): Importer {
  const syncIntervalMinutes = config.DEFAULT_SYNC_INTERVAL_MINUTES
  return startImporter({
    db,
    disk,
    store,
    ingest,
    parser,
    clock,
    log,
    syncIntervalMinutes,
    stepPoints,
    reached: () => undefined,
  })
}
