import { type ReactNode, useEffect } from 'react'
import styles from './page.module.css'

interface PageProps {
  title: string
  lead?: ReactNode
  /** Stands above the title: a link back. */
  above?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** One page's frame: its name in the window and on top, what it is for, what can be done. */
export function Page({ title, lead, above, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tributary`
  }, [title])
  return (
    <div className={styles['page']}>
      {above && <div className={styles['above']}>{above}</div>}
      <header className={styles['head']}>
        <div>
          <h1 className={styles['title']}>{title}</h1>
          {lead && <p className={styles['lead']}>{lead}</p>}
        </div>
        {actions && <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface SectionProps {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Section({ title, lead, actions, children }: SectionProps) {
  return (
    <section className={styles['section']}>
      <div className={styles['sectionHead']}>
        <div>
          <h2 className={styles['sectionTitle']}>{title}</h2>
          {lead && <p className={styles['sectionLead']}>{lead}</p>}
        </div>
        {actions && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </section>
  )
}

export function Card({ children, flush = false }: { children: ReactNode; flush?: boolean }) {
  return <div className={flush ? styles['cardFlush'] : styles['card']}>{children}</div>
}
