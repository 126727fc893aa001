import { expect, test } from 'vitest'
import { download, path, safeReturn } from './path-builder.ts'

test('every address of the app', () => {
  const places = {
    today: path.today(),
    day: path.today({ date: '2026-03-14' }),
    trends: path.trends({ metric: 'steps', view: 'year' }),
    signIn: path.signIn('/devices?x=1'),
    register: path.register('abc'),
    devices: path.devices(),
    newDevice: path.newDevice(),
    device: path.device('d1'),
    explore: path.explore({ metric: 'steps', range: 'year' }),
    import: path.imports('i1'),
    sessions: path.sessions(),
    session: path.session('s1'),
    settings: path.settings(),
  }
  expect(places).toEqual({
    today: { to: '/today', search: {} },
    day: { to: '/today', search: { date: '2026-03-14' } },
    trends: { to: '/trends', search: { metric: 'steps', view: 'year' } },
    signIn: { to: '/sign-in', search: { return: '/devices?x=1' } },
    register: { to: '/register', search: { invite: 'abc' } },
    devices: { to: '/devices' },
    newDevice: { to: '/devices/new' },
    device: { to: '/devices/d1' },
    explore: { to: '/explore', search: { metric: 'steps', range: 'year' } },
    import: { to: '/import', search: { id: 'i1' } },
    sessions: { to: '/sessions' },
    session: { to: '/sessions/s1' },
    settings: { to: '/settings' },
  })
})

test('an id cannot lead out of its place', () => {
  expect(path.device('../settings').to).toBe('/devices/..%2Fsettings')
  expect(download.sessionFile('a/b')).toBe('/api/v1/sessions/a%2Fb/file')
})

test('after signing in only pages of ours are returned to', () => {
  expect(safeReturn('/explore?metric=steps')).toBe('/explore?metric=steps')
  for (const elsewhere of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    undefined,
  ])
    expect(safeReturn(elsewhere)).toBe('/')
})
