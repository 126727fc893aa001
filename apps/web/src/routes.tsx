/** The site map. Each page loads its own code when it is first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ProblemError } from '@tributary/sdk'
import { queryClient, whenSignedOut } from './api/client.ts'
import { meQuery, setupQuery } from './api/queries.ts'
import { FailedPage, MissingPage, PendingPage } from './app/fallback-pages.tsx'
import { Shell } from './app/shell.tsx'
import { path, patterns, sessionFilters } from './util/path-builder.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage, errorComponent: FailedPage })

/** The router reads `q=2026` as a number. */
const text = (value: unknown) =>
  typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined
/** The named words of an address, and nothing else. */
const words =
  <const Names extends readonly string[]>(...names: Names) =>
  (search: Record<string, unknown>): { [K in Names[number]]?: string } =>
    Object.fromEntries(names.map((name) => [name, text(search[name])]).filter(([, value]) => value)) as never

const setup = createRoute({
  getParentRoute: () => root,
  path: patterns.setup,
  validateSearch: words('token'),
  component: lazyRouteComponent(() => import('./pages/setup-page.tsx'), 'SetupPage'),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: patterns.signIn,
  validateSearch: words('return'),
  beforeLoad: async () => {
    const { needs_owner } = await queryClient.ensureQueryData(setupQuery())
    if (needs_owner) throw redirect(path.setup())
  },
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
})

const register = createRoute({
  getParentRoute: () => root,
  path: patterns.register,
  validateSearch: words('invite'),
  component: lazyRouteComponent(() => import('./pages/register-page.tsx'), 'RegisterPage'),
})

const needsSignIn = async ({ location }: { location: { href: string } }) => {
  try {
    await queryClient.ensureQueryData(meQuery)
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) throw redirect(path.signIn(location.href))
    throw error
  }
}

const welcome = createRoute({
  getParentRoute: () => root,
  path: patterns.welcome,
  validateSearch: words('step'),
  beforeLoad: needsSignIn,
  component: lazyRouteComponent(() => import('./pages/setup/welcome-page.tsx'), 'WelcomePage'),
})

/** Everything a person sees once signed in. */
const house = createRoute({
  getParentRoute: () => root,
  id: 'house',
  beforeLoad: needsSignIn,
  component: Shell,
})

const home = createRoute({
  getParentRoute: () => house,
  path: patterns.home,
  beforeLoad: () => {
    throw redirect(path.today())
  },
})

const today = createRoute({
  getParentRoute: () => house,
  path: patterns.today,
  validateSearch: words('date'),
  component: lazyRouteComponent(() => import('./pages/today-page.tsx'), 'TodayPage'),
})

const trends = createRoute({
  getParentRoute: () => house,
  path: patterns.trends,
  validateSearch: words('metric', 'view', 'date'),
  component: lazyRouteComponent(() => import('./pages/trends-page.tsx'), 'TrendsPage'),
})

const connections = createRoute({
  getParentRoute: () => house,
  path: patterns.connections,
  validateSearch: words('connect', 'provider', 'q'),
  component: lazyRouteComponent(() => import('./pages/connections-page.tsx'), 'ConnectionsPage'),
})

const customApi = createRoute({
  getParentRoute: () => house,
  path: patterns.customApi,
  validateSearch: words('api'),
  component: lazyRouteComponent(() => import('./pages/connections/custom-page.tsx'), 'CustomPage'),
})

const provider = createRoute({
  getParentRoute: () => house,
  path: patterns.provider,
  component: lazyRouteComponent(() => import('./pages/connections/provider-page.tsx'), 'ProviderPage'),
})

const confirmConnection = createRoute({
  getParentRoute: () => house,
  path: patterns.confirmConnection,
  component: lazyRouteComponent(() => import('./pages/connections/confirm-page.tsx'), 'ConfirmPage'),
})

const providerApps = createRoute({
  getParentRoute: () => house,
  path: patterns.providerApps,
  validateSearch: words('provider'),
  component: lazyRouteComponent(() => import('./pages/providers/provider-apps-page.tsx'), 'ProviderAppsPage'),
})

/** For other apps: no sign-in, but a token in the address. */
const connect = createRoute({
  getParentRoute: () => root,
  path: patterns.connect,
  validateSearch: words('session', 'language', 'window', 'connect', 'provider', 'confirm'),
  component: lazyRouteComponent(() => import('./pages/connect-page.tsx'), 'ConnectPage'),
})

const devices = createRoute({
  getParentRoute: () => house,
  path: patterns.devices,
  component: lazyRouteComponent(() => import('./pages/devices-page.tsx'), 'DevicesPage'),
})

const newDevice = createRoute({
  getParentRoute: () => house,
  path: patterns.newDevice,
  component: lazyRouteComponent(() => import('./pages/new-device-page.tsx'), 'NewDevicePage'),
})

const device = createRoute({
  getParentRoute: () => house,
  path: patterns.device,
  component: lazyRouteComponent(() => import('./pages/device-page.tsx'), 'DevicePage'),
})

const explore = createRoute({
  getParentRoute: () => house,
  path: patterns.explore,
  validateSearch: words('metric', 'range', 'from', 'to', 'hidden'),
  component: lazyRouteComponent(() => import('./pages/explore-page.tsx'), 'ExplorePage'),
})

const imports = createRoute({
  getParentRoute: () => house,
  path: patterns.imports,
  validateSearch: words('id'),
  component: lazyRouteComponent(() => import('./pages/import-page.tsx'), 'ImportPage'),
})

const importTable = createRoute({
  getParentRoute: () => house,
  path: patterns.importTable,
  component: lazyRouteComponent(() => import('./pages/import/table-page.tsx'), 'TablePage'),
})

const quarantine = createRoute({
  getParentRoute: () => house,
  path: patterns.quarantine,
  validateSearch: words('import'),
  component: lazyRouteComponent(() => import('./pages/import/quarantine-page.tsx'), 'QuarantinePage'),
})

const sessions = createRoute({
  getParentRoute: () => house,
  path: patterns.sessions,
  validateSearch: words(...sessionFilters),
  component: lazyRouteComponent(() => import('./pages/sessions-page.tsx'), 'SessionsPage'),
})

const session = createRoute({
  getParentRoute: () => house,
  path: patterns.session,
  component: lazyRouteComponent(() => import('./pages/session-page.tsx'), 'SessionPage'),
})

const newSession = createRoute({
  getParentRoute: () => house,
  path: patterns.newSession,
  component: lazyRouteComponent(() => import('./pages/session-new-page.tsx'), 'NewSessionPage'),
})

const lastNight = createRoute({
  getParentRoute: () => house,
  path: patterns.lastNight,
  component: lazyRouteComponent(() => import('./pages/sleep-page.tsx'), 'LastNightPage'),
})

const plan = createRoute({
  getParentRoute: () => house,
  path: patterns.plan,
  validateSearch: words('month'),
  component: lazyRouteComponent(() => import('./pages/plan-page.tsx'), 'PlanPage'),
})

const settings = createRoute({
  getParentRoute: () => house,
  path: patterns.settings,
  component: lazyRouteComponent(() => import('./pages/settings-page.tsx'), 'SettingsPage'),
})

const rooms = [
  home,
  today,
  trends,
  connections,
  customApi,
  provider,
  confirmConnection,
  providerApps,
  devices,
  newDevice,
  device,
  explore,
  imports,
  importTable,
  quarantine,
  sessions,
  session,
  newSession,
  lastNight,
  plan,
  settings,
]

export const router = createRouter({
  routeTree: root.addChildren([setup, welcome, signIn, register, connect, house.addChildren(rooms)]),
  defaultPreload: 'intent',
  defaultPendingComponent: PendingPage,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0, // else an outline that was shown stays for half a second, whatever has arrived meanwhile
  scrollRestoration: true,
})

whenSignedOut(() => {
  queryClient.removeQueries({ queryKey: ['me'] })
  const { href, pathname } = router.state.location
  if (![patterns.signIn, patterns.setup, patterns.register, patterns.connect].some((open) => open === pathname)) {
    void router.navigate(path.signIn(href))
  }
})
