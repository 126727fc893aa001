import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { demoQuery, meQuery } from '../api/queries.ts'
import { DemoPill } from '../ui/demo-pill.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Logo } from '../ui/logo.tsx'
import { path } from '../util/path-builder.ts'
import { DemoLine } from './demo-line.tsx'
import { MoreRooms } from './more-rooms.tsx'
import { OfflineLine } from './offline-line.tsx'
import { Palette } from './palette.tsx'
import { ReaderProvider } from './reader.tsx'
import { rooms } from './rooms.ts'
import styles from './shell.module.css'

/** The frame around every room: a side bar on wide screens, a bar under the thumb on narrow ones. */
export function Shell() {
  const main = useFocusOnArrival()
  const isNarrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false })
  const shown = isNarrow ? rooms.filter(({ atHand }) => atHand) : rooms
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
            {shown.map((room) => (
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
            {isNarrow && <MoreRooms rooms={rooms.filter(({ atHand }) => !atHand)} className={styles['room']} />}
          </nav>
          <Palette />
          <Person />
        </header>
        <main id="main" ref={main} tabIndex={-1} className={styles['main']}>
          <OfflineLine />
          <DemoLine />
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
  const demo = useQuery(demoQuery).data
  const hasDemo = demo && demo.status !== 'absent'
  return (
    <p className={styles['person']}>
      <Icon name="person" size={18} />
      <span className={styles['who']}>{me.display_name ?? me.email}</span>
      <DemoPill isDemo={hasDemo} />
    </p>
  )
}

/** After following a link the keyboard starts at the top of the new page, where a full load would have put it. */
function useFocusOnArrival() {
  const main = useRef<HTMLElement>(null)
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const before = useRef(pathname)
  useEffect(() => {
    // Who opened the palette while the page was on its way is typing already, and must not lose the keyboard.
    const isTyping = document.activeElement?.matches('[role="dialog"] input')
    if (before.current && before.current !== pathname && !isTyping) main.current?.focus({ preventScroll: true })
    before.current = pathname
  }, [pathname])
  return main
}
