import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'

export const getSetup = handle(routes.getSetup, async ({ query, request }, { accounts, config }) => {
  const needsOwner = await accounts.setup.needsOwner()
  return {
    needs_owner: needsOwner,
    may_create: needsOwner && accounts.setup.mayCreateOwner(request, query.token),
    signup: config.SIGNUP,
  }
})
