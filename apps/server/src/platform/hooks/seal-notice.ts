/** Records that a provider posted, as they wait to be dealt with: sealed with the person's key. */
import type { Read, Write } from '../db/database.ts'
import { recordOf, recordText } from '../readings/record-json.ts'
import type { SealedPlace, Sealing } from '../sealing.ts'

export interface NoticePlace {
  userId: string
  connectionId: string
  provider: string
  hash: Buffer
}

const placeOf = ({ userId, connectionId, provider, hash }: NoticePlace): SealedPlace => ({
  userId,
  table: 'hook_notices',
  row: `${connectionId} ${hash.toString('hex')}`,
  column: 'sealed',
  provider,
})

export const sealNotice = async (
  sealing: Sealing,
  tx: Write,
  place: NoticePlace,
  records: readonly unknown[],
): Promise<Buffer> => Buffer.from(await sealing.seal(tx, placeOf(place), recordText(records)))

export const openNotice = async (
  sealing: Sealing,
  tx: Read,
  place: NoticePlace,
  sealed: Buffer,
): Promise<readonly unknown[]> =>
  recordOf(await sealing.open(tx, placeOf(place), sealed.toString('ascii'))) as unknown[]
