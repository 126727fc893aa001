import { expect, test } from 'vitest'
import { weaknessOf } from './strength.ts'

const email = 'ada.lovelace@example.org'

// The first of what every list of leaked passwords begins with, as long as they have the eight characters we ask for.
test.each([
  'password',
  'Password1',
  'P@ssw0rd',
  'passw0rd!',
  'password123',
  '12345678',
  '123456789',
  '1234567890',
  '11111111',
  '00000000',
  '87654321',
  'qwertyuiop',
  'qwerty123',
  '1q2w3e4r',
  '1qaz2wsx',
  'zaq12wsx',
  'asdfghjkl',
  'qwertz123',
  'azerty123',
  'abcd1234',
  'abcdefgh',
  'abc12345',
  'a1b2c3d4',
  'iloveyou',
  'iloveyou1',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'starwars',
  'trustno1',
  'whatever',
  'letmein1',
  'welcome1',
  'Welcome2024!',
  'admin123',
  'administrator',
  'changeme',
  'changeme123',
  'secret123',
  'michael1',
  'jessica1',
  'computer',
  'internet',
  'monkey123',
  'dragon123',
  'shadow12',
  'master123',
  'liverpool',
  'chocolate',
  'butterfly',
  'liverpool1',
  'passwordpassword',
  'testtest',
  'testtest1',
  'abcabcabc',
  '19900101',
  '20240101',
  '12121212',
  '123123123',
  'asdfasdf',
  'qweqweqwe',
  'Tributary1',
  'garmin123',
  'summer2024',
  'Winter2023!',
  'january1',
  'passwort',
  'hallo123',
  'contrasena',
  'motdepasse',
  'bonjour123',
  'aaaaaaaaaaaaaaaaaaaa',
  '!@#$%^&*',
  '1234567a',
])('%s is refused', (password) => {
  expect(weaknessOf(password, email)).toBeTypeOf('string')
})

test.each(['ada.lovelace', 'lovelace1', 'AdaLovelace!', 'lovelace2024', 'example1'])(
  '%s is refused to the one whose address it is',
  (password) => {
    expect(weaknessOf(password, email)).toBe('is made from your e-mail address')
  },
)

test.each([
  'correct horse battery staple',
  'Tr0ub4dor&3x',
  'quarzuhr-nebel',
  'xkqpzwvm',
  '739518462057',
  'ein kleines Gedicht',
  'purple monkey dishwasher sings',
  'Grüße aus Köln',
  'футбольный мяч',
  'u8#kLp2!',
  'lovelace wrote the first program',
])('%s is taken', (password) => {
  expect(weaknessOf(password, email)).toBeUndefined()
})

test('eight signs are eight signs, however many bytes they take', () => {
  expect(weaknessOf('😀🐙🌵🚲🎈🧭🍋', email)).toBe('is shorter than 8 characters')
  expect(weaknessOf('😀🐙🌵🚲🎈🧭🍋🏔', email)).toBeUndefined()
})
