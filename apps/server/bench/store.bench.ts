/** The sample store alone: against raw COPY and against one row a sample, what it writes to the log and what it keeps on disk. */

import { type Bed, from, makeBed, storeRate } from './bed.ts'
import { heartColumns } from './bodies.ts'
import { benchBytes } from './bytes.ts'
import { copyRate } from './copy.ts'
import { atLeast, type Figure, median, round } from './figure.ts'
import { type Cluster, withClient } from './under-test.ts'

const rounds = 3

export async function benchStore(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_store')
  try {
    const speed = await compareSpeed(cluster, bed)
    return [
      atLeast(
        'the store alone with exact duplicate counts, against raw COPY',
        speed.store / speed.copy,
        1.5,
        '×',
        `store ${round(speed.store)}, COPY ${round(speed.copy)}, rows ${round(speed.rows)} points/s`,
      ),
      atLeast('the store alone with exact duplicate counts, against row upsert', speed.store / speed.rows, 8, '×'),
      ...(await benchBytes(cluster)),
    ]
  } finally {
    await bed.close()
  }
}

/** 64 series, 60 points an arrival, every tenth arrival goes back over half of the one before. */
async function compareSpeed(cluster: Cluster, bed: Bed): Promise<{ store: number; copy: number; rows: number }> {
  const series = await Promise.all(Array.from({ length: 64 }, () => bed.newSeries('heart_rate')))
  const store: number[] = []
  const copy: number[] = []
  const rows: number[] = []
  await storeRate(bed, series, from - 400 * 86_400_000, 200)
  for (let at = 0; at < rounds; at++) {
    store.push(await storeRate(bed, series, from + at * 30 * 86_400_000, 800))
    copy.push(await copyRate(cluster.config))
    rows.push(await rowRate(cluster))
  }
  return { store: median(store), copy: median(copy), rows: median(rows) }
}

/** One row a sample: primary key (series, time), unnest, on conflict do nothing, a commit every 60,000 points. */
async function rowRate(cluster: Cluster): Promise<number> {
  return withClient(cluster.config, async (client) => {
    await client.query(
      'drop table if exists row_point; create table row_point (series int8, ts timestamptz, value float8, primary key (series, ts))',
    )
    const { t, v } = heartColumns(360_000)
    const begun = performance.now()
    for (let at = 0; at < t.length; at += 60_000) {
      const times = Array.from(t.subarray(at, at + 60_000), (ms) => ms / 1_000)
      await client.query(
        'insert into row_point select 1, to_timestamp(s), v from unnest($1::float8[], $2::float8[]) as u (s, v) on conflict do nothing',
        [times, Array.from(v.subarray(at, at + 60_000))],
      )
    }
    return t.length / ((performance.now() - begun) / 1_000)
  })
}
