import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { quarantineQuery } from '../../api/queries.ts'
import { useFormat } from '../../app/reader.tsx'
import { counted } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'

/** Only said where there is something to see. */
export function UnusedNotice() {
  const format = useFormat()
  const total = useInfiniteQuery(quarantineQuery(undefined)).data?.pages[0]?.total ?? 0
  if (total === 0) return null
  return (
    <Link {...path.quarantine()}>
      {counted(format.number(total), 'record', 'records')} could not be used: see which and why
    </Link>
  )
}
