/** A body of any of the three apps, as what each source in it told. Pure but for the clock it is given. */
import { FormatError, fileReaders, type PieceSource, type Unused } from '@tributary/formats'
import {
  isHealthAutoExport,
  type PhoneBatch,
  type PhoneRejection,
  type PhoneStore,
  type PhoneTold,
  readPhoneBatch,
} from '@tributary/formats/phone-batch'
import { Problem } from '../../platform/problem.ts'
import { cleanText } from '../../platform/readings/clean-text.ts'

export type Push = Omit<PhoneBatch, 'deviceName'> & { deviceName: string | null }

export async function readPush(
  body: Readonly<Record<string, unknown>>,
  bytes: Buffer,
  store: PhoneStore,
  options: { now: number; timeZone: string },
): Promise<Push> {
  if (store === 'apple' && isHealthAutoExport(body)) return readHealthAutoExport(bytes, options)
  const batch = readPhoneBatch(body, store)
  return { ...batch, deviceName: batch.deviceName ?? null }
}

/** The app gives its records no ids: each is what it is, and sent again it is known by its time. */
async function readHealthAutoExport(bytes: Buffer, options: { now: number; timeZone: string }): Promise<Push> {
  const reader = fileReaders.find(({ format }) => format === 'health_auto_export')
  if (!reader) throw new Error('broken assumption: the files of Health Auto Export have a reader')
  const chunks = async function* () {
    yield bytes
  }
  const readAt = async (offset: number, length: number) => bytes.subarray(offset, offset + length)
  const push: Push = {
    batchId: undefined,
    installationId: undefined,
    deviceName: 'Health Auto Export',
    timeZone: undefined,
    cursor: undefined,
    received: 0,
    told: [],
    rejected: [],
    deletions: [],
  }
  try {
    const pieces = reader.read({ ...options, name: 'push.json', size: bytes.length, chunks, readAt })
    for (let next = await pieces.next(); ; next = await pieces.next()) {
      if (next.done) {
        push.received = next.value.records
        const { rejected, unused } = next.value
        push.rejected = cleanText([
          ...rejected.map(({ index, code, detail }): PhoneRejection => ({ id: null, index, code, message: detail })),
          ...unused.flatMap(notRead),
        ])
        return push
      }
      const { source, readings, sessions } = next.value
      push.told.push({ id: '', version: undefined, source: cleanText(source), readings: [...readings, ...sessions] })
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    throw new Problem('invalid_request', error.detail)
  }
}

/** Of a metric or a list that is not known, one for all its records, which have no single place: the app sends hundreds. */
const notRead = ({ name, count, reason }: Unused): PhoneRejection[] =>
  reason
    ? [
        {
          id: null,
          index: -1,
          code: 'type_unknown',
          message: `${name} ${reason} (${count} ${count === 1 ? 'record' : 'records'})`,
        },
      ]
    : []

/** Records by who wrote them, in their order. */
export function bySource(told: readonly PhoneTold[]): { source: PieceSource; records: PhoneTold[] }[] {
  const groups = Map.groupBy(told, ({ source }) => source.key)
  return [...groups.values()].map((records) => ({ source: (records[0] as PhoneTold).source, records }))
}
