/** What is said between the program and the thread of its clouds. */

export interface CloudsTask {
  seed: number
  /** Of the past that their people have lived. */
  days: number
  /** People at each cloud. */
  most: number
  /** Where the hub is reached: it may take people back to each of these. */
  hubOrigins: string[]
  /** With `{provider}`. */
  callbackPath: string
}

export interface OpenedCloud {
  provider: string
  origin: string
  clientId: string
  clientSecret: string
  extra: Readonly<Record<string, string>>
}

export interface ToThread {
  ask: number
  url: string
  account: string | null
}

export type FromThread =
  | { opened: OpenedCloud[] }
  | { answer: number; location: string }
  | { answer: number; error: string }
