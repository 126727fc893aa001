import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { ConfigError } from '../config.ts'
import { NoDatabaseError } from '../find-database.ts'
import { plainWords } from './plain-words.ts'

/** Node's own errors, as they really are. */
function listenTwice(): Promise<[number, unknown]> {
  const { promise, resolve } = Promise.withResolvers<[number, unknown]>()
  const first = createServer().listen(0, '127.0.0.1', () => {
    const { port } = first.address() as { port: number }
    createServer()
      .once('error', (error) => first.close(() => resolve([port, error])))
      .listen(port, '127.0.0.1')
  })
  return promise
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('a taken port is told with what to do', async () => {
  const [port, error] = await listenTwice()
  expect(plainWords(error)).toBe(`port ${port} of 127.0.0.1 is taken by another program: stop it, or set PORT`)
})

test('a database that does not answer, or does not let us in, is told with what to look at', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  })
  expect(plainWords(refused)).toMatch(/cannot be reached \(connect ECONNREFUSED.*DATABASE_URL/)
  const denied = Object.assign(new Error('no such role'), { severity: 'FATAL', code: '28000' })
  expect(plainWords(denied)).toBe('the database does not let us in: no such role (28000)')
})

test('a file that is not there is named', () => {
  expect(plainWords(thrownBy(() => readFileSync('/no/such/cert.pem')))).toBe(
    '/no/such/cert.pem cannot be used (ENOENT)',
  )
})

test('our own words are kept, with the cause', () => {
  expect(plainWords(new ConfigError('PORT got "x"'))).toBe('PORT got "x"')
  expect(plainWords(new NoDatabaseError('no binaries', { cause: new Error('musl') }))).toBe('no binaries (musl)')
})

test('a bug has no plain words: it is shown with everything there is', () => {
  expect(plainWords(thrownBy(() => (undefined as unknown as string).length))).toBeUndefined()
  expect(plainWords('thrown text')).toBeUndefined()
})
