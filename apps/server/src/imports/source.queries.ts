import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../platform/db/database.ts'

/** Where the samples of these very bytes went before: they go there again, whatever became of the device since. */
export async function findSourceOfFile(tx: Read, userId: string, fileId: string): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sessions
    where user_id = ${userId} and file_id = ${fileId}
    limit 1`.execute(tx)
  return rows[0]?.source_id
}

/** The source that was chosen when the file was begun before, if it is still there. */
export async function findChosenSource(
  tx: Read,
  userId: string,
  importId: string,
  position: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select s.source_id
    from import_files f join sources s on s.user_id = f.user_id and s.source_id = f.source_id
    where f.user_id = ${userId} and f.import_id = ${importId} and f.position = ${position}`.execute(tx)
  return rows[0]?.source_id
}

export async function noteChosenSource(
  tx: Write,
  place: { userId: string; importId: string; position: number },
  sourceId: string,
  notes: readonly unknown[],
): Promise<void> {
  await sql`
    update import_files
    set source_id = ${sourceId}, warnings = warnings || ${JSON.stringify(notes)}::jsonb
    where user_id = ${place.userId} and import_id = ${place.importId} and position = ${place.position}`.execute(tx)
}

export async function noteOnFile(
  tx: Write,
  place: { userId: string; importId: string; position: number },
  notes: readonly unknown[],
): Promise<void> {
  await sql`
    update import_files set warnings = warnings || ${JSON.stringify(notes)}::jsonb
    where user_id = ${place.userId} and import_id = ${place.importId} and position = ${place.position}`.execute(tx)
}

/** Sources of one family of archives. Two imports at once may both see the last place free. */
export const mostSources = 2_000

/** For files that do not say what recorded them. */
export async function sourceOfFiles(tx: Write, userId: string): Promise<string> {
  await sql`
    insert into sources (user_id, source_id, kind, name)
    values (${userId}, ${uuidv7()}, 'file', 'Files')
    on conflict (user_id, kind) where kind in ('file', 'manual') do nothing`.execute(tx)
  return oneSource(tx, sql`user_id = ${userId} and kind = 'file'`)
}

/** Of an app or thing inside an archive. Undefined when its family has too many. */
export async function sourceOfApp(
  tx: Write,
  userId: string,
  { archive, key, name }: { archive: string; key: string; name: string },
): Promise<string | undefined> {
  await sql`
    insert into sources (user_id, source_id, kind, archive, external_key, name)
    select ${userId}, ${uuidv7()}, 'app', ${archive}, ${key}, ${name}
    where (select count(*) from sources where user_id = ${userId} and kind = 'app' and archive = ${archive}) < ${mostSources}
    on conflict (user_id, archive, external_key) where kind = 'app' do nothing`.execute(tx)
  return findSource(tx, sql`user_id = ${userId} and kind = 'app' and archive = ${archive} and external_key = ${key}`)
}

/** Of an account's own export, read in that account. */
export async function findOwnSource(tx: Read, userId: string, key: string): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and source_id::text = ${key}`.execute(tx)
  return rows[0]?.source_id
}

async function oneSource(tx: Read, where: ReturnType<typeof sql>): Promise<string> {
  const found = await findSource(tx, where)
  if (!found) throw new Error('broken assumption: a source that could not be inserted is there')
  return found
}

async function findSource(tx: Read, where: ReturnType<typeof sql>): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`select source_id from sources where ${where}`.execute(tx)
  return rows[0]?.source_id
}

/** A recording shows when the device was last at work; a later sight of it stays. */
export async function noteDeviceSeen(tx: Write, userId: string, sourceId: string, at: Date): Promise<void> {
  await sql`
    update devices as d set last_seen_at = ${at}
    from sources as s
    where s.user_id = ${userId} and s.source_id = ${sourceId} and d.user_id = s.user_id and d.device_id = s.device_id
      and (d.last_seen_at is null or d.last_seen_at < ${at})`.execute(tx)
}
