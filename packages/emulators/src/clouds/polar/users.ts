/** Registration: before it nothing is told, and afterwards only what has come since. */

import type { Account, Kept } from '../kit/accounts.ts'
import { nothing } from '../kit/answers.ts'
import { jsonOf, type PersonAsk, person, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { isoUtc } from '../kit/times.ts'
import { error, say } from './say.ts'

interface Registration {
  memberId: string
  at: number
}

/** `registered` says that the person had registered with this client before anything here began. */
export function registrationOf(account: Account, { clientId }: App): Registration | undefined {
  const known = account.notes.get(`registration/${clientId}`)
  if (known) return known as Registration
  return account.traits.has('registered') ? { memberId: '', at: Number.NEGATIVE_INFINITY } : undefined
}

export const isDelivered = ({ account, app }: PersonAsk, { updatedAt }: Kept): boolean =>
  updatedAt >= (registrationOf(account, app)?.at ?? Number.POSITIVE_INFINITY)

/** After the data routes: `/v3/users/sleep` is no user. */
export const userRoutes = (site: Site): Route[] => [
  person('POST', '/v3/users', [], (ask) => register(site, ask)),
  person('GET', '/v3/users/:id', [], (ask) => {
    const { account, app, params } = ask
    const found = params['id'] === account.id ? registrationOf(account, app) : undefined
    return found ? say(ask, profileOf(account, found)) : nothing()
  }),
  person('DELETE', '/v3/users/:id', [], (ask) => {
    const { account, app, params } = ask
    if (params['id'] !== account.id) return error(ask, 403, 'Not this user.')
    account.notes.delete(`registration/${app.clientId}`)
    site.grants.end(account.id, app.clientId)
    return nothing()
  }),
]

function register(site: Site, ask: PersonAsk): Response {
  const { account, app } = ask
  const memberId = jsonOf(ask)?.['member-id']
  if (typeof memberId !== 'string' || !memberId) return error(ask, 400, 'member-id is missing.')
  if (account.traits.has('no_consents')) return error(ask, 403, 'The user has not accepted the mandatory consents.')
  const isTaken = [...site.accounts.values()].some((one) => registrationOf(one, app)?.memberId === memberId)
  if (registrationOf(account, app) || isTaken)
    return error(ask, 409, 'The user or the member-id is registered already.')
  const registration = { memberId, at: site.now() }
  account.notes.set(`registration/${app.clientId}`, registration)
  return say(ask, profileOf(account, registration))
}

function profileOf({ id, name, measured }: Account, { memberId, at }: Registration) {
  const [first = name, ...rest] = name.split(' ')
  return {
    'polar-user-id': Number(id),
    'member-id': memberId,
    'registration-date': Number.isFinite(at) ? isoUtc(at) : '2025-01-01T00:00:00.000Z',
    'first-name': first,
    'last-name': rest.join(' '),
    birthdate: '1992-04-17',
    gender: 'FEMALE',
    weight: measured.column('body_mass').v.at(-1) ?? 71.8,
    height: 178,
  }
}
