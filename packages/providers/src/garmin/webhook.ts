import { tableOf } from '@tributary/protocol'
import { jsonOf } from '../kit/hook-body.ts'
import { digestOf, isSameSecret } from '../kit/proof.ts'
import { splitLists } from '../kit/split-lists.ts'
import { membersOf } from '../kit/token-answer.ts'
import type { HookRequest, Notice, Webhook } from '../kit/webhook.ts'

/** By what a list is called in a delivery, in lower case: the feed its items belong to. */
const feeds: Readonly<Record<string, string>> = tableOf({
  dailies: 'dailies',
  epochs: 'epochs',
  sleeps: 'sleeps',
  bodycomps: 'body_comps',
  stressdetails: 'stress_details',
  usermetrics: 'user_metrics',
  pulseox: 'pulse_ox',
  alldayrespiration: 'respiration',
  respiration: 'respiration',
  hrv: 'hrv',
  bloodpressures: 'blood_pressures',
  healthsnapshot: 'health_snapshot',
  skintemp: 'skin_temperature',
  activities: 'activities',
  manuallyupdatedactivities: 'activities', // the way in which an edit is told
  activitydetails: 'activity_details',
  activityfiles: 'activity_files',
  moveiqactivities: 'move_iq',
  moveiq: 'move_iq',
  mct: 'menstrual_cycle',
})

/** Courses of activities come by the hundred; of one of them a megabyte or two. */
const partBytes = 4_000_000

export const webhook: Webhook = {
  setUp: {
    en: 'In Garmin’s endpoint tool, enter this address for every summary type you have (push or ping), and for deregistrations and user permissions, and enable them.',
    de: 'Trage diese Adresse in Garmins Endpoint-Tool für jede Art von Daten ein (Push oder Ping), auch für Deregistrations und User Permissions, und schalte sie ein.',
    fr: 'Dans l’outil « endpoints » de Garmin, saisissez cette adresse pour chaque type de données (push ou ping), ainsi que pour « deregistrations » et « user permissions », puis activez-les.',
  },
  /**
   * Garmin signs nothing. It sends our id in a header; that, the secret in the path and a person who is connected here is all the
   * proof there is, and since asking is forbidden, what is pushed has to be taken at its word.
   */
  verify({ headers }, { app }) {
    const client = headers['garmin-client-id']
    if (client === undefined) return { kind: 'refused', reason: 'no garmin-client-id' }
    return isSameSecret(client, app?.clientId)
      ? { kind: 'proven' }
      : { kind: 'refused', reason: 'garmin-client-id of another app' }
  },
  read: (request) => [...noticesIn(request)],
  large: { maxBytes: 100 * 1024 * 1024, parts: partsOf },
  answer: { status: 200 },
}

function* partsOf(request: HookRequest): Generator<HookRequest> {
  if (request.body.length <= partBytes) return yield request
  for (const body of splitLists(request.body, partBytes)) yield { ...request, body }
}

/** One delivery may hold many people and many kinds. An item that cannot be told whose it is is nobody's, and costs the others nothing. */
function* noticesIn(request: HookRequest): Generator<Notice> {
  const lists = membersOf(jsonOf(request, 'Garmin'))
  for (const [name, list] of Object.entries(lists)) {
    if (!Array.isArray(list)) continue
    const plain = name.replace(/^third-?party-?/i, '').toLowerCase()
    const pushed = new Map<string, unknown[]>()
    for (const item of list as unknown[]) {
      const said = membersOf(item)
      const account = said['userId']
      if (typeof account !== 'string' || !account) continue
      const feed = feeds[plain]
      // Nothing but whose it is stands in it: who comes back and leaves once more is not taken for the first time said twice.
      if (plain === 'deregistrations') yield { id: `left:${account}:${dayOf(request)}`, account, kind: 'left' }
      else if (plain === 'userpermissionschange') yield { id: idOf(plain, item), account, kind: 'scopes' }
      else if (!feed) continue
      else if (typeof said['callbackURL'] !== 'string') add(pushed, account, item)
      else {
        const record = feed === 'activity_files' ? JSON.stringify(item) : said['callbackURL']
        yield { id: idOf(plain, item), account, kind: 'changed', feed, record }
      }
    }
    for (const [account, records] of pushed) {
      yield { id: idOf(plain, records), account, kind: 'records', feed: feeds[plain] as string, records }
    }
  }
}

const idOf = (list: string, content: unknown): string => `${list}:${digestOf(JSON.stringify(content))}`
const dayOf = ({ at }: HookRequest): number => Math.floor(at / 86_400_000)

function add(lists: Map<string, unknown[]>, account: string, item: unknown): void {
  const list = lists.get(account)
  if (list) list.push(item)
  else lists.set(account, [item])
}
