import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { showUser } from './show.ts'
import { findUser } from './users.queries.ts'

export const getMe = handle(routes.getMe, async (call) =>
  showUser(must(await call.read((tx) => findUser(tx, call.caller.userId)), 'a caller is a person')),
)
