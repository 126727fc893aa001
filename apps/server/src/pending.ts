/** Routes whose code is on its way on this branch. This file goes before the branch lands. */
import { routes } from '@tributary/protocol'
import { handle } from './platform/http/handle.ts'

const notYet = () => Promise.reject(new Error('not built yet'))

export const pending = {
  listImportFiles: handle(routes.listImportFiles, notYet),
  deleteImport: handle(routes.deleteImport, notYet),
  listCsvMappings: handle(routes.listCsvMappings, notYet),
  createCsvMapping: handle(routes.createCsvMapping, notYet),
  deleteCsvMapping: handle(routes.deleteCsvMapping, notYet),
  previewImportFile: handle(routes.previewImportFile, notYet),
  listQuarantine: handle(routes.listQuarantine, notYet),
  replayQuarantined: handle(routes.replayQuarantined, notYet),
  deleteQuarantined: handle(routes.deleteQuarantined, notYet),
  createSession: handle(routes.createSession, notYet),
  updateSession: handle(routes.updateSession, notYet),
  deleteSession: handle(routes.deleteSession, notYet),
  listPlannedSessions: handle(routes.listPlannedSessions, notYet),
  createPlannedSession: handle(routes.createPlannedSession, notYet),
  getPlannedSession: handle(routes.getPlannedSession, notYet),
  updatePlannedSession: handle(routes.updatePlannedSession, notYet),
  deletePlannedSession: handle(routes.deletePlannedSession, notYet),
  listSuppressions: handle(routes.listSuppressions, notYet),
  createSuppression: handle(routes.createSuppression, notYet),
  deleteSuppression: handle(routes.deleteSuppression, notYet),
  listDays: handle(routes.listDays, notYet),
  explainDay: handle(routes.explainDay, notYet),
}
