import type { Role, Scope } from '@tributary/protocol'

/** Who asks: a person who signed in, an API key of theirs, or a device with its token. */
export interface Caller {
  kind: 'person' | 'key' | 'device'
  userId: string
  role: Role
  scopes: ReadonlySet<Scope>
  /** As the audit log names it: `person:<id>`, `key:<id>`, `device:<id>`. */
  actor: string
  signInId?: string
  /** A device token reaches this device only. */
  deviceId?: string
  /** Somebody on the connect page of another app: may connect, and nothing else. */
  connectSessionId?: string
}

export interface Credentials {
  bearer?: string
  cookie?: string
}

/** Finds the caller behind a request's credentials. What it found it believes for a second, so a log-out anywhere bites within one. */
export interface Authenticator {
  /** Who these credentials were found to be within the last second. A look into a Map: the upload path lives on it. */
  recall(credentials: Credentials): Caller | undefined
  /** Undefined for a cookie that has ended. Throws a 401 Problem for a bad token. */
  identify(credentials: Credentials): Promise<Caller | undefined>
  /** Makes an ending bite at once in this process: no caller that matches is recalled again. */
  forget(matches: (caller: Caller) => boolean): void
}
