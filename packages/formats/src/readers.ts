/** Every kind of file and archive that is read piece by piece; a new one is a folder and one line here. The first that recognises wins. */
import { fitHealth } from './fit/health/read-fit-health.ts'
import { healthAutoExport } from './health-auto-export/read-health-auto-export.ts'
import type { ArchiveReader, FileReader } from './piece.ts'

export const fileReaders: readonly FileReader[] = [fitHealth, healthAutoExport]

export const archiveReaders: readonly ArchiveReader[] = []
