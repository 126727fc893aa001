import type { FastifyInstance } from 'fastify'
import type { Parts } from '../../parts.ts'

/** The contract as OpenAPI, and the docs page made from it. */
export async function serveDocs(_app: FastifyInstance, _parts: Parts): Promise<void> {}
