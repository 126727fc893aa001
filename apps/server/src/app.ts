/** The HTTP side of the program, from guard to page. Every route has a policy, or the start stops. */
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import { routes } from '@tributary/protocol'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { mountUploads } from './imports/uploads.ts'
import type { Parts } from './parts.ts'
import { readBodies } from './platform/http/body.ts'
import { docsPath } from './platform/http/docs.ts'
import { answerError, answerProblem, plainHeaders } from './platform/http/errors.ts'
import { createHostGuard } from './platform/http/guard-host.ts'
import { answerMalformed } from './platform/http/malformed.ts'
import { checkPolicy, mount, refuseOtherMethods } from './platform/http/mount.ts'
import { noteAnswer } from './platform/http/note-answer.ts'
import { servePages } from './platform/http/pages.ts'
import { createRateLimit } from './platform/http/rate-limit.ts'
import { openShortWay } from './platform/http/short-way.ts'
import { identifyCaller } from './platform/http/sign-in-state.ts'
import { newId } from './platform/new-id.ts'
import { Problem } from './platform/problem.ts'
import { mountHooks } from './receive/hooks.ts'
import { receiveUpload } from './receive/upload-data.ts'
import { handlers } from './routes.ts'

/** A day of heart rates is 69 kB of JSON: level 6 makes it 6.0 kB in 0.93 ms, level 1 6.8 kB in 0.14 ms; br 4 takes 0.76 ms, br 2 0.25 ms for less. */
const quickly = {
  zlibOptions: { level: 1 },
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } },
}

export interface AppOptions {
  tls?: { cert: Buffer; key: Buffer }
}

export async function createApp(parts: Parts, options: AppOptions = {}): Promise<FastifyInstance> {
  const { config, log } = parts
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }), // our own line below says more
    genReqId: newId,
    childLoggerFactory: (logger) => logger, // each line names its request itself
    trustProxy: config.TRUST_PROXY.length ? config.TRUST_PROXY : false,
    clientErrorHandler: answerMalformed,
    connectionTimeout: silentMs,
    requestTimeout: longestRequestMs,
    routerOptions: { maxParamLength: 255, ignoreTrailingSlash: false },
    ...(options.tls ? { https: options.tls } : {}),
  }) as unknown as FastifyInstance

  app.addHook('onRoute', (route) => {
    const { method, url, config: own } = route
    if (isApi(url)) route.helmet = false // its headers are for pages; the API has its own
    if (url.startsWith(docsPath))
      route.config = { ...own, policy: 'public' } // the docs page brings its own routes
    else if (!own?.policy) throw new Error(`${method} ${url} declares no policy: say who may call it`)
  })
  const https = Boolean(options.tls) || config.PUBLIC_URL?.startsWith('https:') === true
  const apiHeaders = https ? { ...plainHeaders, 'strict-transport-security': `max-age=${hstsSeconds}` } : plainHeaders
  const guardHost = createHostGuard(config.PUBLIC_URL)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    guardHost(request)
    if (isApi(request.url)) reply.headers(apiHeaders)
    done()
  })
  app.setErrorHandler(answerError)
  await app.register(cookie)
  await app.register(helmet, securityHeaders(https))
  // Requests are decompressed by `readBodies`, with a cap; two of them would undo each other.
  await app.register(compress, { threshold: 1_024, encodings: ['br', 'gzip'], globalDecompression: false, ...quickly })
  readBodies(app)
  await app.register(multipart, { throwFileSizeLimit: false }) // takes forms; receive-upload.ts sets the limits
  const rateLimit = createRateLimit(config.RATE_LIMIT_PER_SECOND, parts.clock)
  app.addHook('onRequest', identifyCaller({ ...parts, rateLimit }))
  app.addHook('onRequest', (request, reply, done) => {
    rateLimit.take(request, reply)
    checkPolicy(request)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { caller, routeOptions, method, id } = request
    done()
    noteAnswer(parts, {
      userId: caller?.userId,
      deviceId: (request.params as { device_id?: string } | undefined)?.device_id,
      operation: routeOptions.config?.name,
      method,
      status: reply.statusCode,
      ms: reply.elapsedTime,
      requestId: id,
    })
  })
  mount(app, handlers, parts)
  mountUploads(app, parts)
  await mountHooks(app, parts)
  refuseOtherMethods(app, handlers)
  const upload = { name: 'uploadData', contract: routes.uploadData, run: receiveUpload }
  openShortWay(app, upload, { guardHost, rateLimit, apiHeaders }, parts)
  await servePages(app, parts)
  app.setNotFoundHandler({}, (request, reply) => answerProblem(new Problem('not_found'), request, reply))
  return app
}

/** A connection on which nothing moves is given up. */
const silentMs = 120_000
/** How long a request may take to arrive: the largest import at 5 Mbit/s. Fastify's own default is for ever. */
const longestRequestMs = 900_000
const hstsSeconds = 365 * 86_400
/** Document 1 writes its routes without `/api/v1`. */
const isApi = (url: string): boolean => ['/api/', '/providers/', '/hooks/'].some((start) => url.startsWith(start))

/** Scripts come from us alone; styles may be set inline, because the component library positions things with them. */
function securityHeaders(https: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    hsts: https ? { maxAge: hstsSeconds, includeSubDomains: false } : false, // other names of the host are not ours,
    referrerPolicy: { policy: 'no-referrer' as const },
    crossOriginEmbedderPolicy: false,
  }
}
