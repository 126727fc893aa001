import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { Logo } from '../ui/logo.tsx'
import styles from './gate.module.css'

interface GateProps {
  title: string
  lead?: ReactNode
  children: ReactNode
  foot?: ReactNode
  /** Stands above the title: how far one is. */
  above?: ReactNode
  /** The keyboard starts at the title: this page followed another one by itself. */
  takesFocus?: boolean
}

/** The frame of the pages before the door: first run, sign-in, register. */
export function Gate({ title, lead, children, foot, above, takesFocus = false }: GateProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Tributary`
    if (takesFocus) heading.current?.focus()
  }, [title, takesFocus])
  return (
    <div className={styles['gate']}>
      <Streams />
      <main className={styles['card']}>
        <div className={styles['brand']}>
          <Logo size={40} />
          <span>Tributary</span>
        </div>
        {above}
        <h1 ref={heading} tabIndex={-1} className={styles['title']}>
          {title}
        </h1>
        {lead && <p className={styles['lead']}>{lead}</p>}
        {children}
        {foot && <div className={styles['foot']}>{foot}</div>}
      </main>
    </div>
  )
}

/** Many small streams becoming one: what this program does, as a picture behind the card. */
function Streams() {
  const starts = [-60, 90, 260, 400, 620, 780, 980, 1150, 1330, 1500]
  return (
    <svg className={styles['streams']} viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {starts.map((x, i) => (
        <path
          key={x}
          d={`M${x} -20C${x} ${300 + (i % 3) * 60}, 720 ${420 + (i % 4) * 40}, 720 920`}
          strokeWidth={2 + (i % 3) * 2}
        />
      ))}
    </svg>
  )
}
