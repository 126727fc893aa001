/** Every kind of file and archive that is read piece by piece; a new one is a folder and one line here. The first that recognises wins. */
import { ownExport } from './own-export/read-export.ts'
import type { ArchiveReader, FileReader } from './piece.ts'

export const fileReaders: readonly FileReader[] = []

export const archiveReaders: readonly ArchiveReader[] = [ownExport]
