/** Every kind of file and archive that is read piece by piece; a new one is a folder and one line here. The first that recognises wins. */
import { appleHealthExport, appleHealthXml } from './apple/index.ts'
import { clarity } from './clarity/index.ts'
import { fitHealth } from './fit/health/read-fit-health.ts'
import { gadgetbridge } from './gadgetbridge/index.ts'
import { healthAutoExport } from './health-auto-export/read-health-auto-export.ts'
import { miFitness } from './mi-fitness/index.ts'
import { ownExport } from './own-export/read-export.ts'
import type { ArchiveReader, FileReader } from './piece.ts'
import { takeout } from './takeout/index.ts'
import { zepp } from './zepp/index.ts'

export const fileReaders: readonly FileReader[] = [appleHealthXml, fitHealth, healthAutoExport, gadgetbridge, clarity]

export const archiveReaders: readonly ArchiveReader[] = [ownExport, appleHealthExport, takeout, miFitness, zepp]
