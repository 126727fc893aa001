/** A phone's batch, answered when all of it is durable. Broken off anywhere and sent again, the end is the same. */
import {
  countRecords,
  isHealthAutoExport,
  mostRecords,
  type PhoneRejection,
  type PhoneStore,
} from '@tributary/formats/phone-batch'
import { routes } from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import type { Told } from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import type { Parts } from '../../parts.ts'
import { parseJson } from '../../platform/http/body.ts'
import { handle } from '../../platform/http/handle.ts'
import { validate } from '../../platform/http/validate.ts'
import { instantOf } from '../../platform/instant.ts'
import { Problem } from '../../platform/problem.ts'
import { findTimeZone } from '../../platform/sessions/records.queries.ts'
import { joinPhone, putCursor, putPushRun } from './phone.queries.ts'
import { bySource, type Push, readPush } from './read-push.ts'
import { findOvertaken, findShed, forget, forgetRows, idsOf, noteRows, type PhonePlace } from './records-by-id.ts'

const mostBytes = 5 * 1024 * 1024
/** Health Auto Export cannot be told to send less. */
const mostBytesOfApps = 16 * 1024 * 1024
/** Reasons named one by one; the count tells of all. */
const listed = 500

/** What phones sent to Google Fit comes by Health Connect. */
const stores = new Map<string, PhoneStore>([
  ['apple', 'apple'],
  ['health_connect', 'health_connect'],
  ['google_fit', 'health_connect'],
  ['samsung', 'samsung'],
])

export const pushIntegration = handle(
  routes.pushIntegration,
  async (call, parts) => {
    const { userId } = call.caller
    const store = storeOf(call.params.type)
    const { body, bytes } = bodyOf(call.request.body, call.request.headers['content-type'])
    const batchId = body['batch_id'] ?? body['batchId']
    const key = typeof batchId === 'string' ? `push:${store}:${batchId}`.slice(0, 255) : undefined
    await call.repeatIfKept(key)
    const startedAt = new Date(parts.clock.now())
    const timeZone = await call.read((tx) => findTimeZone(tx, userId))
    const push = await readPush(body, bytes, store, { now: parts.clock.now(), timeZone })
    const installation =
      push.installationId ?? (push.deviceName === 'Health Auto Export' ? 'health_auto_export' : 'this phone')
    const profile = push.deviceName ? { device: push.deviceName } : {}
    const { connection_id: connectionId } = await parts.db.write({ userId }, (tx) =>
      joinPhone(tx, userId, { provider: store, installation, profile, now: startedAt }),
    )
    const tally = await takePush(parts, { userId, connectionId, provider: store }, push)
    const endedAt = new Date(parts.clock.now())
    const syncId = uuidv7()
    const status = tally.rejected.length ? 'partial' : 'completed'
    const answer = await call.write(
      async (tx) => {
        const { received, accepted: inserted, updated, rejected } = tally
        const skipped = tally.duplicates + tally.suppressed
        if (push.cursor) await putCursor(tx, userId, connectionId, push.cursor)
        await putPushRun(tx, userId, {
          syncId,
          connectionId,
          provider: store,
          status,
          startedAt,
          endedAt,
          received,
          inserted,
          updated: updated + tally.deleted,
          skipped,
          failed: rejected.length,
        })
        return {
          batch_id: push.batchId ?? null,
          sync_id: syncId,
          connection_id: connectionId,
          ...tally,
          rejected: rejected.slice(0, listed),
          rejected_total: rejected.length,
          cursor: push.cursor ?? null,
          server_time: instantOf(endedAt),
        }
      },
      { target: connectionId, ...(key ? { key } : {}) },
    )
    parts.telemetry.synced({ provider: store, trigger: 'push', status })
    return answer
  },
  { raw: true },
)

function storeOf(type: string): PhoneStore {
  const provider = findProvider(type.toLowerCase())
  if (!provider) throw new Problem('provider_unknown')
  const store = stores.get(provider.id)
  if (!store) throw new Problem('push_not_taken', `Records of ${provider.name} do not come from a phone`)
  return store
}

function bodyOf(body: unknown, type: string | undefined): { body: Readonly<Record<string, unknown>>; bytes: Buffer } {
  if (!type?.startsWith('application/json')) throw new Problem('media_type_unsupported', 'Send application/json')
  if (!Buffer.isBuffer(body) || !body.length) throw new Problem('invalid_json', 'The request has no body')
  const parsed = parseJson(body)
  const isApp = isHealthAutoExport(parsed)
  if (body.length > (isApp ? mostBytesOfApps : mostBytes))
    throw new Problem('payload_too_large', 'A batch has at most 5 MB unpacked: halve it', { max_bytes: mostBytes })
  const checked = validate(routes.pushIntegration.body, parsed, 'body') as Readonly<Record<string, unknown>>
  if (!isApp && countRecords(checked) > mostRecords)
    throw new Problem('payload_too_large', `A batch has at most ${mostRecords} records: halve it`, {
      max_records: mostRecords,
    })
  return { body: checked, bytes: body }
}

interface PushTally {
  received: number
  accepted: number
  updated: number
  duplicates: number
  deleted: number
  suppressed: number
  rejected: PhoneRejection[]
}

/** Deletions come last: an app tells what is there and what is gone in one batch, and a record that moved is both. */
async function takePush(parts: Parts, place: PhonePlace, push: Push): Promise<PushTally> {
  const tally: PushTally = {
    received: 0,
    accepted: 0,
    updated: 0,
    duplicates: 0,
    deleted: 0,
    suppressed: 0,
    rejected: [...push.rejected],
  }
  tally.received += push.rejected.length
  for (const { source, records } of bySource(push.told)) {
    const overtaken = await findOvertaken(parts, place, records)
    const kept = records.filter((record) => !overtaken.has(record))
    tally.received += overtaken.size
    tally.duplicates += overtaken.size
    const shed = await findShed(parts, place, kept)
    const told: Told[] = kept.flatMap(({ readings }) => [...readings])
    const owners = kept.flatMap(({ id, readings }) => readings.map(() => id))
    await noteRows(parts, place, source.key, kept)
    await take(parts, place, tally, { source, told, owners })
    await noteRows(parts, place, source.key, kept)
    if (shed.length) await take(parts, place, tally, { told: shed.map(forget), owners: shed })
  }
  if (!push.deletions.length) return tally
  const rows = new Set(await forgetRows(parts, place, push.deletions))
  tally.received += rows.size
  tally.deleted += rows.size
  const gone = (await idsOf(parts, place, push.deletions)).filter((id) => !rows.has(id))
  if (gone.length) await take(parts, place, tally, { told: gone.map(forget), owners: gone })
  return tally
}

async function take(
  { takeTold }: Parts,
  place: PhonePlace,
  tally: PushTally,
  {
    source,
    told,
    owners,
  }: { source?: Push['told'][number]['source']; told: readonly Told[]; owners: readonly string[] },
): Promise<void> {
  const stored = await takeTold({ ...place, feed: 'push', told, ...(source?.key ? { source } : {}) })
  tally.received += stored.received
  tally.accepted += stored.inserted
  tally.updated += stored.updated
  tally.duplicates += stored.duplicates
  tally.deleted += stored.deleted
  tally.suppressed += stored.suppressed
  for (const { index, code, detail } of stored.rejected)
    tally.rejected.push({ id: owners[index] || null, index, code, message: detail })
}
