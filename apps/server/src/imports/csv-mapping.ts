import { createHash } from 'node:crypto'
import { headerKey } from '@tributary/formats'
import type { AnswerOf, routes } from '@tributary/protocol'
import type { MappingRow } from './csv-mappings.queries.ts'

type CsvMapping = AnswerOf<(typeof routes)['createCsvMapping']>

export const headerHash = (columns: readonly string[]): Buffer =>
  createHash('sha256').update(headerKey(columns)).digest()

export const mappingAnswer = ({ mapping_id, mapping, created_at }: MappingRow): CsvMapping =>
  ({ mapping_id, ...mapping, created_at: created_at.toISOString() }) as CsvMapping
