/**
 * Passwords as argon2id in PHC string form, e.g. `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
 * A hash costs 19 MiB and some 30 ms of a core, so only two run at once and a bounded queue waits: signing in cannot starve everything else.
 */
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { Problem } from '../../platform/problem.ts'

/** OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const saltBytes = 16
const hashBytes = 32
const atOnce = 2
/** At 30 ms each the last in the queue waits a second. */
const maxWaiting = 64

export interface Passwords {
  hash(password: string): Promise<string>
  /** Null stands for an account that does not exist: it costs the same and is never right. */
  verify(password: string, kept: string | null): Promise<boolean>
}

export function createPasswords(): Passwords {
  const queue = createQueue()
  const decoy = phcOf(randomBytes(saltBytes), randomBytes(hashBytes)) // no password has this hash
  return {
    hash: (password) => queue(() => hash(password)),
    verify: (password, kept) =>
      queue(async () => {
        const right = await matches(password, kept ?? decoy)
        return right && kept !== null
      }),
  }
}

async function hash(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  return phcOf(salt, await derive(password, salt, cost, hashBytes))
}

function phcOf(salt: Buffer, made: Buffer): string {
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(made)}`
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

async function matches(password: string, kept: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, expected] = phc.exec(kept) ?? []
  if (!salt || !expected) throw new Error('a kept password is not an argon2id PHC string')
  const wanted = Buffer.from(expected, 'base64')
  const asked = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), asked, wanted.length), wanted)
}

function derive(
  password: string,
  nonce: Buffer,
  asked: Pick<Argon2Parameters, 'memory' | 'passes' | 'parallelism'>,
  tagLength: number,
): Promise<Buffer> {
  // The same letters can be typed as different code points (é, e + ´): NIST SP 800-63B asks to normalise them.
  const message = password.normalize('NFKC')
  return new Promise((resolve, reject) =>
    argon2('argon2id', { message, nonce, tagLength, ...asked }, (error, made) =>
      error ? reject(error) : resolve(made),
    ),
  )
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** Runs two at once, lets 64 wait and sends the rest away with 503. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting)
        throw new Problem('busy', 'Too many people are signing in right now', { retryAfterSeconds: 2 })
      await new Promise<void>((start) => waiting.push(start)) // whoever ends hands its place over, so `running` stays
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
