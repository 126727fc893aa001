import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settings } from '../config.ts'
import { describeSettings, readSettings } from './settings-given.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trb-settings-'))
  await writeFile(join(folder, '.env'), '# mine\nPORT=1\nHOST=from-file\nDATA_DIR=store\nLOG_LEVEL="DEBUG"\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the command line wins over the environment, and that over .env; an empty variable was not given', () => {
  const given = readSettings(
    ['--port', '3', '--signup=open'],
    { PORT: '2', HOST: 'from-environment', LOG_LEVEL: '' },
    folder,
  )
  expect(given).toMatchObject({ PORT: '3', SIGNUP: 'open', HOST: 'from-environment', LOG_LEVEL: 'DEBUG' })
})

test('a relative DATA_DIR in .env, and the one that nobody gave, belong to the project and not to where one stands', () => {
  expect(readSettings([], {}, folder)['DATA_DIR']).toBe(join(folder, 'store'))
  expect(readSettings([], {}, tmpdir())['DATA_DIR']).toBe(join(tmpdir(), 'data'))
})

test.each([
  [['--warp', '9'], '--warp'],
  [['warp'], 'warp'],
  [['--port'], '--port takes a whole number from 0 to 65535'],
  [['--host', '--port', '1'], '--host takes an address'],
  [['--jwt-secret-key=abc'], 'JWT_SECRET_KEY in the environment'],
  [['--constructor', 'x'], '--constructor'],
])('%j is refused and the words say why', (words, says) => {
  expect(() => readSettings(words, {}, folder)).toThrow(says)
})

test('a switch alone is on, and takes a word as any other', () => {
  expect(readSettings(['--demo'], {}, folder)['DEMO']).toBe('true')
  expect(readSettings(['--demo', '--port', '9'], {}, folder)).toMatchObject({ DEMO: 'true', PORT: '9' })
  expect(readSettings(['--demo', 'false'], {}, folder)['DEMO']).toBe('false')
  expect(readSettings(['--demo=false'], {}, folder)['DEMO']).toBe('false')
})

test('help names every setting that has an effect, and secrets only as variables', () => {
  const text = describeSettings()
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.effect !== 'now') continue
    expect(text).toContain('secret' in setting ? `  ${name} ` : `--${name.toLowerCase().replaceAll('_', '-')} `)
  }
  expect(text).not.toContain('--jwt-secret-key')
})
