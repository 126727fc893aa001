import { providers } from '@tributary/providers'
import type pg from 'pg'

/** Writes the registry of packages/providers into its table, which connections refer to. One that was removed stays while somebody uses it. */
export async function writeProviders(owner: pg.Client): Promise<void> {
  await owner.query(
    `insert into providers as p (provider, name)
     select * from unnest($1::text[], $2::text[])
     on conflict (provider) do update set name = excluded.name where p.name <> excluded.name`,
    [providers.map(({ id }) => id), providers.map(({ name }) => name)],
  )
}
