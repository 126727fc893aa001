import { Switch } from '@mantine/core'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { metricsWithDataQuery } from '../../api/metrics-with-data.ts'
import { canKeepOffline, forgetOffline, keepOffline, keepsOffline } from '../../api/offline.ts'
import { devicesQuery, meQuery, sessionPagesQuery } from '../../api/queries.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import styles from './data-sections.module.css'

/** Asked once more, so that the pages one opens first are there even if they were not looked at since. */
const readOnce = (queries: QueryClient) => {
  const fresh = { staleTime: 0 }
  return Promise.all([
    queries.fetchQuery({ ...meQuery, ...fresh }),
    queries.fetchQuery({ ...devicesQuery, ...fresh }),
    queries.fetchQuery({ ...metricsWithDataQuery, ...fresh }),
    queries.fetchInfiniteQuery({ ...sessionPagesQuery({}), ...fresh }),
  ])
}

/** Health data on a device is the person's own decision. */
export function Offline({ userId }: { userId: string }) {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: async (keep: boolean) => {
      await (keep ? keepOffline(userId) : forgetOffline())
      if (keep) await readOnce(queries)
      return keep
    },
  })
  // What was asked for is shown at once; should it fail, what is.
  const isOn = change.isPending ? change.variables : (change.data ?? keepsOffline(userId))
  return (
    <Section title="On this device" lead="Read your last data while the hub is out of reach.">
      <Card>
        {canKeepOffline ? (
          <>
            <Switch
              label="Keep the last data in this browser"
              checked={isOn}
              disabled={change.isPending}
              onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
            />
            <p className={styles['kept']}>
              Kept are the pages themselves and the last answers you looked at: charts, days, sessions and their routes,
              devices and your profile, unencrypted like everything in a browser. Never kept are your password, API
              keys, invites, sign-ins and files. All of it is wiped when you turn this off, sign out, or somebody else
              signs in here; and as soon as the hub says that your sign-in has ended. Leave it off on a device that you
              share.
            </p>
          </>
        ) : (
          <p className={styles['kept']}>
            Browsers allow this over HTTPS only. Open this hub by an https:// address to turn it on.
          </p>
        )}
        {change.isError && <Trouble sentence="This browser did not allow it. Private windows often do not." />}
      </Card>
    </Section>
  )
}
