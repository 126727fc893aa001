/** Ways to come: kept as they came where answers are kept, told by nothing. Unlike workouts they come without an envelope. */
import { z } from 'zod'
import { dailyList } from '../kit/daily-list.ts'
import { defineFeed } from '../kit/feed.ts'
import { readAnswer } from '../kit/read-answer.ts'

const Routes = z.array(z.unknown())

export const routes = defineFeed({
  title: { en: 'Routes', de: 'Routen', fr: 'Itinéraires' },
  ...dailyList(
    async function* (http) {
      yield readAnswer(Routes, (await http.get('/v2/route')).body)
    },
    'a way to come, and no measurement',
    [
      ...['id', 'description', 'created', 'modified', 'totalDistance'],
      ...['watchEnabled', 'startPoint', 'centerPoint', 'endPoint'],
    ],
  ),
})
