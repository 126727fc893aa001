/** Every address of the app. Nothing else spells one. */

/** As the router writes them: `$name` is a part. */
export const patterns = {
  home: '/',
  setup: '/setup',
  welcome: '/welcome',
  signIn: '/sign-in',
  register: '/register',
  devices: '/devices',
  newDevice: '/devices/new',
  device: '/devices/$deviceId',
  explore: '/explore',
  imports: '/import',
  importTable: '/import/$importId/files/$position',
  quarantine: '/import/unused',
  sessions: '/sessions',
  session: '/sessions/$sessionId',
  settings: '/settings',
} as const

/** Where a link leads: the router's own two props. */
export interface Place {
  to: string
  search?: Record<string, string | undefined>
}

export interface ExploreSearch {
  metric?: string
  /** A preset; with `from` and `to` the person's own range. */
  range?: string
  from?: string
  to?: string
}

/** What a new person may say and begin with, after the account. */
export type WelcomeStep = 'you' | 'begin'

const fill = (pattern: string, part: string, value: string) => pattern.replace(part, encodeURIComponent(value))

export const path = {
  home: (): Place => ({ to: patterns.home }),
  setup: (): Place => ({ to: patterns.setup }),
  welcome: (step: WelcomeStep): Place => ({ to: patterns.welcome, search: { step } }),
  signIn: (returnTo?: string): Place => ({
    to: patterns.signIn,
    ...(returnTo && returnTo !== '/' ? { search: { return: returnTo } } : {}),
  }),
  register: (invite?: string): Place => ({ to: patterns.register, ...(invite ? { search: { invite } } : {}) }),
  devices: (): Place => ({ to: patterns.devices }),
  newDevice: (): Place => ({ to: patterns.newDevice }),
  device: (deviceId: string): Place => ({ to: fill(patterns.device, '$deviceId', deviceId) }),
  explore: (search: ExploreSearch = {}): Place => ({ to: patterns.explore, search: { ...search } }),
  imports: (importId?: string): Place => ({ to: patterns.imports, ...(importId ? { search: { id: importId } } : {}) }),
  importTable: (importId: string, position: number): Place => ({
    to: fill(fill(patterns.importTable, '$importId', importId), '$position', String(position)),
  }),
  quarantine: (importId?: string): Place => ({
    to: patterns.quarantine,
    ...(importId ? { search: { import: importId } } : {}),
  }),
  sessions: (): Place => ({ to: patterns.sessions }),
  session: (sessionId: string): Place => ({ to: fill(patterns.session, '$sessionId', sessionId) }),
  settings: (): Place => ({ to: patterns.settings }),
}

/** What the browser fetches by itself: downloads. */
export const download = {
  sessionFile: (sessionId: string) => `/api/v1/sessions/${encodeURIComponent(sessionId)}/file`,
  exportFile: (exportId: string) => `/api/v1/exports/${encodeURIComponent(exportId)}/file`,
  timelineCsv: (metric: string, from: string, to: string) =>
    `/api/v1/timeline?${new URLSearchParams({ metric, start_time: from, end_time: to, resolution: 'raw', format: 'csv' })}`,
}

/** Only our own pages may be returned to after signing in: an address of another site would make us a decoy. */
export function safeReturn(returnTo: string | undefined): string {
  return returnTo && /^\/(?![/\\])/.test(returnTo) ? returnTo : patterns.home
}
