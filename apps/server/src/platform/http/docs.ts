import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { openApi } from '@tributary/protocol/openapi'
import type { FastifyInstance } from 'fastify'
import type { Parts } from '../../parts.ts'
import { version } from '../../version.ts'

/** The contract as OpenAPI 3.1, and the page to read and try it. Both are public: they say nothing that the source does not. */
export async function serveDocs(app: FastifyInstance, { config }: Parts): Promise<void> {
  const document = openApi({ version: config.SERVICE_VERSION ?? version })
  const text = JSON.stringify(document)
  app.get('/openapi.json', { config: { policy: 'public' } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(text),
  )
  await app.register(swagger, { mode: 'static', specification: { document: document as never } })
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    uiConfig: { url: '/openapi.json', persistAuthorization: false },
  })
}

export const docsPath = '/docs'
