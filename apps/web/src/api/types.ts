/** Answers by the name pages use for them, read off the contracts. */
import type { AnswerOutput, BodyInput, Routes } from '@tributary/protocol'

export type User = AnswerOutput<Routes['getMe']>
export type Device = AnswerOutput<Routes['getDevice']>
export type DeviceHealth = AnswerOutput<Routes['getDeviceHealth']>
export type NewDevice = BodyInput<Routes['createDevice']>
export type Batch = AnswerOutput<Routes['listBatches']>[number]
export type Latest = AnswerOutput<Routes['getLatestData']>['data'][number]
export type SyncRun = AnswerOutput<Routes['getSyncRun']>
export type Timeline = AnswerOutput<Routes['getTimeline']>
export type SourceLine = Timeline['lines'][number]
export type Days = AnswerOutput<Routes['listDays']>
export type MetricDays = Days['metrics'][number]
export type DayValue = MetricDays['days'][number]
export type DaySource = Days['sources'][number]
export type DayWhy = AnswerOutput<Routes['explainDay']>
export type Import = AnswerOutput<Routes['getImport']>
export type ImportFile = Import['files'][number]
export type Table = AnswerOutput<Routes['previewImportFile']>
export type CsvMapping = AnswerOutput<Routes['createCsvMapping']>
export type NewCsvMapping = BodyInput<Routes['createCsvMapping']>
export type Quarantined = AnswerOutput<Routes['listQuarantine']>['items'][number]
export type Demo = AnswerOutput<Routes['getDemo']>
export type Suppression = AnswerOutput<Routes['listSuppressions']>['items'][number]
export type Export = AnswerOutput<Routes['getExport']>
export type Session = AnswerOutput<Routes['getSession']>
export type SessionPart = AnswerOutput<Routes['getLaps']>['items'][number]
export type SessionRecord = Session['records'][number]
export type Plan = AnswerOutput<Routes['getPlannedSession']>
export type Track = AnswerOutput<Routes['getTrack']>
export type Streams = AnswerOutput<Routes['getStreams']>
export type ApiKey = AnswerOutput<Routes['listApiKeys']>['items'][number]
export type Invite = AnswerOutput<Routes['listInvites']>['items'][number]
export type SignIn = AnswerOutput<Routes['listSignIns']>['items'][number]
