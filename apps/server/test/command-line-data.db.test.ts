/** The command line about whole data: demo, export, import back. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTributary } from '../../cli/test/run-tributary.ts'
import { startServer, type TestServer } from './kit.ts'

let server: TestServer
let home: string
let env: Record<string, string>

beforeAll(async () => {
  server = await startServer()
  const { token } = await server.owner()
  home = await mkdtemp(join(tmpdir(), 'trb-cli-'))
  env = { TRIBUTARY_URL: server.url, TRIBUTARY_TOKEN: token }
  await server.call('POST', '/api/v1/samples', {
    token,
    body: { metric: 'weight', value: 71, timestamp: '2026-01-02T07:00:00+01:00' },
  })
})
afterAll(async () => {
  await server?.stop()
  if (home) await rm(home, { recursive: true, force: true })
})

test('an export is written to a file, whole, and nothing of it is left on the server', async () => {
  const file = join(home, 'weights.csv')
  const words = ['export', '--format', 'csv', '--metric', 'weight', '-o', file]
  const made = await runTributary([...words, '--json'], { env })
  expect([made.code, made.stderr]).toEqual([0, ''])
  expect(JSON.parse(made.stdout)).toMatchObject({ path: file, status: 'done', samples: 1 })
  expect(await readFile(file, 'utf8')).toContain('sample,body_mass,kg,Entered by hand,2026-01-02T06:00:00Z,,71,')
  const listed = await server.call('GET', '/api/v1/exports', { token: env['TRIBUTARY_TOKEN'] ?? '' })
  expect((listed.body as { items: unknown[] }).items).toEqual([])

  const again = await runTributary(words, { env })
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('already')])
  expect((await runTributary([...words, '--force'], { env })).code).toBe(0)
  expect((await readdir(home)).filter((name) => name.includes('partial'))).toEqual([])
})

test('an export to standard output is the file and nothing else', async () => {
  const { code, stdout } = await runTributary(['export', '--format', 'ndjson', '-o', '-'], { env })
  expect(code).toBe(0)
  expect(JSON.parse(stdout.trim())).toMatchObject({ metric: 'body_mass', value: 71 })
})

test('a metric that there is not is refused with its name, and a day that is none as well', async () => {
  const luck = await runTributary(['export', '--metric', 'luck'], { env })
  expect([luck.code, luck.stderr]).toEqual([1, expect.stringContaining('luck')])
  const day = await runTributary(['export', '--from', 'soon'], { env })
  expect([day.code, day.stderr]).toEqual([2, expect.stringContaining('--from')])
})

test('the demo comes and goes with one command each', { timeout: 120_000 }, async () => {
  const added = await runTributary(['demo', 'add', '--json'], { env })
  expect([added.code, JSON.parse(added.stdout)]).toMatchObject([0, { status: 'ready', devices: 4 }])
  expect((await runTributary(['demo', 'status'], { env })).stdout).toMatch(/^Demo data: 4 devices, [\d,]{7,} samples/)
  expect((await runTributary(['demo', 'remove'], { env })).stdout).toBe('The demo data is gone.\n')
  expect((await runTributary(['demo', 'remove'], { env })).stdout).toBe('There was no demo data.\n')
})

test('a folder without anything to import says what would be', async () => {
  const folder = join(home, 'empty')
  await mkdir(folder)
  await writeFile(join(folder, 'notes.txt'), 'mine')
  const { code, stderr } = await runTributary(['import', folder], { env })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/no \.fit, .*\.zip/)])
})
