import { expect, test } from 'vitest'
import { attachment } from './content-disposition.ts'

test.each([
  ['ride.fit', `attachment; filename="ride.fit"; filename*=UTF-8''ride.fit`],
  ['a "b".gpx', `attachment; filename="a _b_.gpx"; filename*=UTF-8''a%20%22b%22.gpx`],
  [
    'Пробег (5).gpx',
    `attachment; filename="______ (5).gpx"; filename*=UTF-8''%D0%9F%D1%80%D0%BE%D0%B1%D0%B5%D0%B3%20%285%29.gpx`,
  ],
  [
    'x\r\nSet-Cookie: a.fit',
    `attachment; filename="x__Set-Cookie: a.fit"; filename*=UTF-8''x%0D%0ASet-Cookie%3A%20a.fit`,
  ],
])('a file called %j is offered for download as %s', (name, header) => {
  expect(attachment(name)).toBe(header)
})
