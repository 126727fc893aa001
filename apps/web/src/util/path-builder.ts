/** Every address of the app. Nothing else spells one. */

/** As the router writes them: `$name` is a part. */
export const patterns = {
  home: '/',
  today: '/today',
  trends: '/trends',
  setup: '/setup',
  welcome: '/welcome',
  signIn: '/sign-in',
  register: '/register',
  connections: '/connections',
  customApi: '/connections/custom',
  provider: '/connections/$provider',
  confirmConnection: '/connections/confirm/$provider',
  providerApps: '/settings/providers',
  connect: '/connect',
  devices: '/devices',
  newDevice: '/devices/new',
  device: '/devices/$deviceId',
  explore: '/explore',
  imports: '/import',
  importTable: '/import/$importId/files/$position',
  quarantine: '/import/unused',
  sessions: '/sessions',
  newSession: '/sessions/new',
  session: '/sessions/$sessionId',
  lastNight: '/sleep',
  plan: '/plan',
  settings: '/settings',
} as const

/** Where a link leads: the router's own two props. */
export interface Place {
  to: string
  search?: Record<string, string | undefined>
}

export interface TodaySearch {
  /** A local day, `2026-03-14`; without it today. */
  date?: string
}

export interface TrendsSearch {
  metric?: string
  view?: string
  /** A day of the period that is shown; without it the newest. */
  date?: string
}

export interface ExploreSearch {
  /** One, or up to four with commas between. */
  metric?: string
  /** A preset; with `from` and `to` the person's own range. */
  range?: string
  from?: string
  to?: string
  /** Ids of sources that were switched off, with commas between. */
  hidden?: string
}

export const sessionFilters = ['kind', 'activity', 'source', 'from', 'to', 'q', 'distance', 'duration'] as const
/** What is looked for in the list of sessions, as the address writes it: days, `5000m`, `1800s`. */
export type SessionSearch = Partial<Record<(typeof sessionFilters)[number], string>>

/** What a new person may say and begin with, after the account. */
export type WelcomeStep = 'you' | 'begin'

const fill = (pattern: string, part: string, value: string) => pattern.replace(part, encodeURIComponent(value))

export const path = {
  home: (): Place => ({ to: patterns.home }),
  today: (search: TodaySearch = {}): Place => ({ to: patterns.today, search: { ...search } }),
  trends: (search: TrendsSearch = {}): Place => ({ to: patterns.trends, search: { ...search } }),
  setup: (): Place => ({ to: patterns.setup }),
  welcome: (step: WelcomeStep): Place => ({ to: patterns.welcome, search: { step } }),
  signIn: (returnTo?: string): Place => ({
    to: patterns.signIn,
    ...(returnTo && returnTo !== '/' ? { search: { return: returnTo } } : {}),
  }),
  register: (invite?: string): Place => ({ to: patterns.register, ...(invite ? { search: { invite } } : {}) }),
  /** With the provider that was just connected. */
  connections: (connected?: string): Place => ({
    to: patterns.connections,
    ...(connected ? { search: { connect: 'connected', provider: connected } } : {}),
  }),
  provider: (provider: string): Place => ({ to: fill(patterns.provider, '$provider', provider) }),
  /** One that is there, or a new one. */
  customApi: (id?: string): Place => ({ to: patterns.customApi, ...(id ? { search: { api: id } } : {}) }),
  providerApps: (provider?: string): Place => ({
    to: patterns.providerApps,
    ...(provider ? { search: { provider } } : {}),
  }),
  /** With what became of a sign-in there. */
  connect: (search: ConnectSearch, became: { connect: string; provider: string }): Place => ({
    to: patterns.connect,
    search: { ...search, ...became },
  }),
  devices: (): Place => ({ to: patterns.devices }),
  newDevice: (): Place => ({ to: patterns.newDevice }),
  device: (deviceId: string): Place => ({ to: fill(patterns.device, '$deviceId', deviceId) }),
  explore: (search: ExploreSearch = {}): Place => ({ to: patterns.explore, search: { ...search } }),
  imports: (importId?: string): Place => ({ to: patterns.imports, ...(importId ? { search: { id: importId } } : {}) }),
  sessions: (search?: SessionSearch): Place => ({ to: patterns.sessions, ...(search && { search: { ...search } }) }),
  newSession: (): Place => ({ to: patterns.newSession }),
  importTable: (importId: string, position: number): Place => ({
    to: fill(fill(patterns.importTable, '$importId', importId), '$position', String(position)),
  }),
  quarantine: (importId?: string): Place => ({
    to: patterns.quarantine,
    ...(importId ? { search: { import: importId } } : {}),
  }),
  session: (sessionId: string): Place => ({ to: fill(patterns.session, '$sessionId', sessionId) }),
  lastNight: (): Place => ({ to: patterns.lastNight }),
  /** A month is 2026-03; this one when absent. */
  plan: (month?: string): Place => ({ to: patterns.plan, ...(month && { search: { month } }) }),
  settings: (): Place => ({ to: patterns.settings }),
  /** The form of a new key, with what it is meant to do. */
  newApiKey: (scope: string): Place => ({ to: patterns.settings, search: { new_key: scope } }),
}

/** What the browser fetches by itself: downloads. */
export const download = {
  sessionFile: (sessionId: string) => `/api/v1/sessions/${encodeURIComponent(sessionId)}/file`,
  exportFile: (exportId: string) => `/api/v1/exports/${encodeURIComponent(exportId)}/file`,
  timelineCsv: (metrics: readonly string[], from: string, to: string) => {
    const query = new URLSearchParams({ start_time: from, end_time: to, resolution: 'raw', format: 'csv' })
    for (const metric of metrics) query.append('metric', metric)
    return `/api/v1/timeline?${query}`
  },
}

/** What the connect page of another app is asked with. */
export interface ConnectSearch {
  /** Who may frame the page is found by it. */
  session?: string | undefined
  language?: string | undefined
  /** The provider that this window was opened for, by a framed page. */
  window?: string | undefined
}

/** Where a provider's sign-in leads back to, as the server wants it: a path with its question. */
export const returnTo = {
  /** It adds what became of it, and where. */
  connections: () => patterns.connections,
  connect: (search: ConnectSearch) => `${patterns.connect}?${written(search)}`,
}

/** The framed connect page again, as a page of its own. */
export const connectWindow = (search: ConnectSearch, token: string) => `${patterns.connect}?${written(search)}#${token}`

const written = (search: ConnectSearch) =>
  new URLSearchParams(Object.entries(search).filter((entry): entry is [string, string] => Boolean(entry[1])))

/** Only our own pages may be returned to after signing in: an address of another site would make us a decoy. */
export function safeReturn(returnTo: string | undefined): string {
  return returnTo && /^\/(?![/\\])/.test(returnTo) ? returnTo : patterns.home
}
