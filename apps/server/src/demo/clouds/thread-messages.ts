/** What is said between the program and the thread of its clouds. */

export interface CloudsTask {
  seed: number
  days: number
  /** Where hubs of this address take people back: one for each way it is reached. */
  hubOrigins: string[]
  callbackPath: string
}

export interface OpenedCloud {
  provider: string
  origin: string
  clientId: string
  clientSecret: string
  extra: Record<string, string>
}

export type ToThread = { ask: number; url: string; account: string | null }

export type FromThread =
  | { opened: OpenedCloud[] }
  | { answer: number; location: string }
  | { answer: number; error: string }
