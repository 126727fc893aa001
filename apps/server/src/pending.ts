/** Routes whose code is on its way on this branch. This file goes before the branch lands. */
import { routes } from '@tributary/protocol'
import { handle } from './platform/http/handle.ts'

const notYet = () => Promise.reject(new Error('not built yet'))

export const pending = {
  getDemo: handle(routes.getDemo, notYet),
  createDemo: handle(routes.createDemo, notYet),
  deleteDemo: handle(routes.deleteDemo, notYet),
  createExport: handle(routes.createExport, notYet),
  listExports: handle(routes.listExports, notYet),
  getExport: handle(routes.getExport, notYet),
  downloadExport: handle(routes.downloadExport, notYet),
  deleteExport: handle(routes.deleteExport, notYet),
}
