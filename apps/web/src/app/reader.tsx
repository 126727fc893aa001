/** How the person who is signed in reads numbers and dates. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useMemo } from 'react'
import { meQuery } from '../api/queries.ts'
import { createFormat, type Format } from '../util/format.ts'
import { localeFor } from '../util/locale.ts'

const Reader = createContext<Format | undefined>(undefined)

export function ReaderProvider({ children }: { children: ReactNode }) {
  const { locale, time_zone: timeZone, units } = useSuspenseQuery(meQuery).data
  const format = useMemo(
    () => createFormat({ locale: localeFor(locale, navigator.languages), timeZone, units }),
    [locale, timeZone, units],
  )
  return <Reader value={format}>{children}</Reader>
}

export function useFormat(): Format {
  const format = use(Reader)
  if (!format) throw new Error('useFormat is for pages of people who are signed in')
  return format
}
