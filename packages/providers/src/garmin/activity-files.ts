import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import type { ToldFile } from '../kit/feed.ts'
import { RecordError } from '../kit/read-records.ts'
import { fetchFile, sentFeed } from './sent-feed.ts'

const formats: Readonly<Record<string, ToldFile['format']>> = tableOf({ FIT: 'fit', TCX: 'tcx', GPX: 'gpx' })

const sent = sentFeed('activities', 'ACTIVITY_EXPORT', {
  title: { en: 'Files of activities', de: 'Dateien von Aktivitäten', fr: 'Fichiers des activités' },
  brings: ['workout'],
  raw: z.object({
    activityId: z.union([z.number(), z.string()]),
    fileType: z.string(),
    file: z.instanceof(Uint8Array),
  }),
  *read({ activityId, fileType, file }) {
    const format = formats[fileType.toUpperCase()]
    if (!format) throw new RecordError(`a file of the type ${fileType.slice(0, 20)} cannot be read`)
    yield { kind: 'file', format, bytes: file, externalId: String(activityId) }
  },
  unused: {
    userId: 'the connection knows whose it is',
    summaryId: 'the id of the activity tells it from others',
    startTimeInSeconds: 'the file says it',
    activityName: 'the summary of the activity says it',
    manual: 'the summary of the activity says it',
  },
})

/** Only pinged, and given once. They follow by themselves when the past of `activities` is asked for. */
const { requestHistory: _, historyScope: _scope, ...withoutHistory } = sent
export const activityFiles = { ...withoutHistory, fetchOne: fetchFile }
