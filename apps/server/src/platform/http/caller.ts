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
}

/** Finds the caller behind a request's credentials; undefined when there are none. Throws a 401 Problem for bad ones. */
export type Authenticate = (credentials: Credentials) => Promise<Caller | undefined>

export interface Credentials {
  bearer?: string
  cookie?: string
}
