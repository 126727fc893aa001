import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import { LeaseGone } from '../platform/leased-work.ts'

export interface DemoRow {
  status: 'loading' | 'ready' | 'removing'
  steps_done: number
  samples: number
  sessions: number
  devices: number
}

export async function findDemo(tx: Read, userId: string): Promise<DemoRow | undefined> {
  const { rows } = await sql<DemoRow>`
    select status, steps_done, samples, sessions,
      (select count(*) from devices d where d.user_id = demos.user_id and d.is_demo) as devices
    from demos where user_id = ${userId}`.execute(tx)
  return rows[0]
}

/** False when there is one already. The zone is the person's own. */
export async function insertDemo(tx: Write, userId: string, until: Date): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into demos (user_id, until_at, time_zone)
    select user_id, ${until}, time_zone from users where user_id = ${userId}
    on conflict do nothing`.execute(tx)
  return numAffectedRows > 0n
}

export interface DemoDevice {
  deviceId: string
  sourceId: string
  name: string
  deviceType: string
  manufacturer: string
  model: string
  serial: string
  integration: string
  capabilities: readonly string[]
  seen: Date
}

export async function insertDevice(tx: Write, userId: string, device: DemoDevice): Promise<void> {
  await sql`
    insert into devices (user_id, device_id, device_type, device_name, manufacturer, model, serial_number, capabilities,
      integration_type, auto_sync, sync_interval_minutes, status, last_seen_at, is_demo)
    values (${userId}, ${device.deviceId}, ${device.deviceType}, ${device.name}, ${device.manufacturer}, ${device.model}, ${device.serial},
      ${[...device.capabilities]}::text[], ${device.integration}, false, 1440, 'active', ${device.seen}, true)`.execute(
    tx,
  )
  await sql`
    insert into sources (user_id, source_id, kind, device_id, name, is_demo)
    values (${userId}, ${device.sourceId}, 'device', ${device.deviceId}, ${device.name}, true)`.execute(tx)
}

/** A load, or a removal that broke off, in the hands of a living worker. */
export interface HeldDemo {
  userId: string
  status: 'loading' | 'removing'
  until: number
  timeZone: string
  stepsDone: number
  lease: string
}

export async function claimDemo(tx: Write, lease: string, leaseMs: number): Promise<HeldDemo | undefined> {
  const { rows } = await sql<{
    user_id: string
    status: HeldDemo['status']
    until_at: Date
    time_zone: string
    steps_done: number
  }>`
    update demos as d
    set leased_by = ${lease}, leased_until = now() + ${leaseMs} * interval '1 ms'
    from (
      select user_id from demos
      where status <> 'ready' and (leased_until is null or leased_until < now())
      order by created_at
      limit 1
      for update skip locked
    ) as next
    where d.user_id = next.user_id
    returning d.user_id, d.status, d.until_at, d.time_zone, d.steps_done`.execute(tx)
  const [row] = rows
  return (
    row && {
      userId: row.user_id,
      status: row.status,
      until: row.until_at.getTime(),
      timeZone: row.time_zone,
      stepsDone: row.steps_done,
      lease,
    }
  )
}

export async function renewLease(tx: Write, { userId, lease }: HeldDemo, leaseMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update demos set leased_until = now() + ${leaseMs} * interval '1 ms'
    where user_id = ${userId} and leased_by = ${lease}`.execute(tx)
  return numAffectedRows === 1n
}

export async function handBack(tx: Write, { userId, lease }: HeldDemo, pauseMs: number): Promise<void> {
  await sql`
    update demos set leased_by = null, leased_until = now() + ${pauseMs} * interval '1 ms'
    where user_id = ${userId} and leased_by = ${lease}`.execute(tx)
}

/** Holds the row until the end of the transaction: a removal waits for it, and one that came first is noticed. */
export async function assertHeld(tx: Write, { userId, lease }: HeldDemo): Promise<void> {
  const { rows } = await sql`
    select from demos where user_id = ${userId} and leased_by = ${lease} for no key update`.execute(tx)
  if (!rows.length) throw new LeaseGone('the demo was removed, or another worker loads it')
}

export async function noteStep(
  tx: Write,
  { userId }: HeldDemo,
  done: { steps: number; samples: number; sessions: number },
): Promise<void> {
  await sql`
    update demos
    set steps_done = ${done.steps}, samples = samples + ${done.samples}, sessions = sessions + ${done.sessions}
    where user_id = ${userId}`.execute(tx)
}

export async function finishDemo(tx: Write, { userId }: HeldDemo): Promise<void> {
  await sql`
    update demos set status = 'ready', leased_by = null, leased_until = null where user_id = ${userId}`.execute(tx)
}

/** The sources of the demo's devices, by serial number. */
export async function findDemoSources(tx: Read, userId: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ serial_number: string; source_id: string }>`
    select d.serial_number, s.source_id
    from devices d join sources s on s.user_id = d.user_id and s.device_id = d.device_id
    where d.user_id = ${userId} and d.is_demo and s.is_demo`.execute(tx)
  return new Map(rows.map(({ serial_number, source_id }) => [serial_number, source_id]))
}

/** False when there is none. The loader waits for this, and then finds it gone. */
export async function lockDemo(tx: Write, userId: string): Promise<boolean> {
  const { rows } = await sql`select from demos where user_id = ${userId} and status <> 'removing' for update`.execute(
    tx,
  )
  return rows.length > 0
}

/**
 * Everything that people see of the demo, in one transaction: its sources with their days, events, sessions and ways, and its devices.
 * The numbers of its series stay in its row, for the points that hang from them. Answers the devices.
 */
export async function takeDemoAway(tx: Write, userId: string): Promise<string[]> {
  await sql`
    update demos
    set status = 'removing', samples = 0, sessions = 0, leased_by = null, leased_until = now() + interval '15 s',
      series_ids = array(
        select s.series_id from series s join sources o using (user_id, source_id)
        where s.user_id = ${userId} and o.is_demo
      )
    where user_id = ${userId}`.execute(tx)
  await sql`delete from sources where user_id = ${userId} and is_demo`.execute(tx)
  await sql`
    delete from quarantine q using connections c
    where q.user_id = ${userId} and c.user_id = q.user_id and c.connection_id = q.connection_id and c.is_demo`.execute(
    tx,
  )
  await sql`delete from connections where user_id = ${userId} and is_demo`.execute(tx)
  await sql`
    delete from batches b using devices d
    where b.user_id = ${userId} and d.user_id = b.user_id and d.device_id = b.device_id and d.is_demo`.execute(tx)
  const devices = await sql<{ device_id: string }>`
    delete from devices where user_id = ${userId} and is_demo returning device_id`.execute(tx)
  return devices.rows.map(({ device_id }) => device_id)
}

/** Nobody begins a series or a session of them from here on. In the order in which everybody locks sources. */
export async function lockDemoSources(tx: Write, userId: string): Promise<string[]> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and is_demo order by source_id for update`.execute(tx)
  return rows.map(({ source_id }) => source_id)
}

export async function findLeftSeries(tx: Read, userId: string): Promise<number[] | undefined> {
  const { rows } = await sql<{ series_ids: number[] }>`
    select series_ids from demos where user_id = ${userId} and status = 'removing'`.execute(tx)
  return rows[0]?.series_ids.map(Number)
}

export async function deleteDemoRow(tx: Write, userId: string): Promise<void> {
  await sql`delete from demos where user_id = ${userId} and status = 'removing'`.execute(tx)
}

/** The first account is the owner's. As trb_writer. */
export async function findOwner(tx: Read): Promise<string | undefined> {
  const { rows } = await sql<{ user_id: string }>`select list_people as user_id from list_people() limit 1`.execute(tx)
  return rows[0]?.user_id
}
