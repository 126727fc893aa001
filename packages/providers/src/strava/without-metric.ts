/** What Strava says of the athlete and not of what they did. Every call is taken from the few that all people share: a day has one of each. */
import { z } from 'zod'
import { dailyList } from '../kit/daily-list.ts'
import { defineFeed, type Feed, type FetchContext, type Pages } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'

const Gear = z.array(z.object({ id: z.string() })).nullish()
const Athlete = z.object({ bikes: Gear, shoes: Gear })

/** A thing that was given away answers 404, and its athlete may still be told of it. */
async function* profileOf(http: ProviderHttp): Pages {
  const { body: athlete } = await http.get('/athlete')
  const { bikes, shoes } = readAnswer(Athlete, athlete)
  const zones = await http.get('/athlete/zones')
  const gear: unknown[] = []
  for (const { id } of [...(bikes ?? []), ...(shoes ?? [])]) {
    const { status, body } = await http.get(`/gear/${encodeURIComponent(id)}`, undefined, { expects: [404] })
    if (status !== 404) gear.push(body)
  }
  yield [{ athlete, zones: zones.body, gear }]
}

async function* totalsOf(http: ProviderHttp, { account }: FetchContext): Pages {
  yield [(await http.get(`/athletes/${account}/stats`)).body]
}

const perPage = 200
const Routes = z.array(z.unknown())

/** A page may be short before the end; the end is an empty one. */
async function* routesOf(http: ProviderHttp, { account }: FetchContext): Pages {
  for (let page = 1; ; page++) {
    const query = { page, per_page: perPage }
    const routes = readAnswer(Routes, (await http.get(`/athletes/${account}/routes`, query)).body)
    if (!routes.length) return
    yield routes
  }
}

const noTime = 'holds without saying since when: a setting, and no measurement of a day'
const sums = 'made of the activities, which are told one by one'
const wayToCome = 'a way to come, and no measurement'

export const listsWithoutMetric = {
  profile: defineFeed({
    title: { en: 'Profile, zones and gear', de: 'Profil, Zonen und Ausrüstung', fr: 'Profil, zones et matériel' },
    scopes: ['profile:read_all'],
    ...dailyList(profileOf, noTime, ['athlete', 'zones', 'gear']),
  }),
  totals: defineFeed({
    title: { en: 'Totals', de: 'Summen', fr: 'Totaux' },
    ...dailyList(totalsOf, sums, [
      ...['ride', 'run', 'swim'].flatMap((sport) => ['recent', 'ytd', 'all'].map((of) => `${of}_${sport}_totals`)),
      'biggest_ride_distance',
      'biggest_climb_elevation_gain',
    ]),
  }),
  routes: defineFeed({
    title: { en: 'Routes', de: 'Routen', fr: 'Itinéraires' },
    scopes: ['read', 'read_all'],
    ...dailyList(routesOf, wayToCome, [
      ...['id', 'id_str', 'name', 'description', 'athlete', 'distance', 'elevation_gain', 'map', 'type', 'sub_type'],
      ...[
        'private',
        'starred',
        'timestamp',
        'created_at',
        'updated_at',
        'estimated_moving_time',
        'segments',
        'waypoints',
      ],
    ]),
  }),
} as const satisfies Readonly<Record<string, Feed>>
