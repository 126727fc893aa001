import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { meQuery } from '../api/queries.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Logo } from '../ui/logo.tsx'
import { type Place, path } from '../util/path-builder.ts'
import { ReaderProvider } from './reader.tsx'
import styles from './shell.module.css'

const rooms: readonly { title: string; icon: IconName; place: Place }[] = [
  { title: 'Devices', icon: 'devices', place: path.devices() },
  { title: 'Explore', icon: 'chart', place: path.explore() },
  { title: 'Sessions', icon: 'activity', place: path.sessions() },
  { title: 'Import', icon: 'upload', place: path.imports() },
  { title: 'Settings', icon: 'settings', place: path.settings() },
]

/** The frame around every room: a side bar on wide screens, a bar under the thumb on narrow ones. */
export function Shell() {
  const main = useFocusOnArrival()
  return (
    <ReaderProvider>
      <a className={styles['skip']} href="#main">
        Skip to the content
      </a>
      <div className={styles['frame']}>
        <header className={styles['side']}>
          <Link {...path.home()} className={styles['brand']}>
            <Logo />
            <span>Tributary</span>
          </Link>
          <nav className={styles['rooms']} aria-label="Rooms">
            {rooms.map((room) => (
              <Link
                key={room.title}
                {...room.place}
                activeOptions={{ includeSearch: false }}
                className={styles['room']}
              >
                <Icon name={room.icon} size={22} />
                <span>{room.title}</span>
              </Link>
            ))}
          </nav>
          <Person />
        </header>
        <main id="main" ref={main} tabIndex={-1} className={styles['main']}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </ReaderProvider>
  )
}

function Person() {
  const { data: me } = useSuspenseQuery(meQuery)
  return (
    <p className={styles['person']}>
      <Icon name="person" size={18} />
      <span>{me.display_name ?? me.email}</span>
    </p>
  )
}

/** After following a link the keyboard starts at the top of the new page, where a full load would have put it. */
function useFocusOnArrival() {
  const main = useRef<HTMLElement>(null)
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current && before.current !== pathname) main.current?.focus({ preventScroll: true })
    before.current = pathname
  }, [pathname])
  return main
}
