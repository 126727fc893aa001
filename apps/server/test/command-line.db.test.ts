import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTributary } from '../../cli/test/run-tributary.ts'
import { startServer, type TestServer } from './kit.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../../../packages/formats/fixtures/${name}`, import.meta.url))

let server: TestServer
let owner = { email: 'owner@example.org', password: 'correct horse battery staple', token: '' }
let home: string
let env: Record<string, string>

let firstRun: Awaited<ReturnType<typeof runTributary>>

beforeAll(async () => {
  server = await startServer()
  home = await mkdtemp(join(tmpdir(), 'trb-cli-'))
  env = { XDG_CONFIG_HOME: home, TRIBUTARY_URL: server.url }
  firstRun = await setup(['--time-zone', 'Europe/Oslo', '--units', 'imperial', '--json'])
  const signedIn = await server.call('POST', '/api/v1/auth/login', {
    body: { email: owner.email, password: owner.password },
  })
  owner = { ...owner, token: (signedIn.body as { access_token: string }).access_token }
})
afterAll(async () => {
  await server?.stop()
  if (home) await rm(home, { recursive: true, force: true })
})

const setup = (words: string[]) =>
  runTributary(['setup', '--email', owner.email, '--password-stdin', ...words], { env, stdin: `${owner.password}\n` })

const signIn = (password: string) =>
  runTributary(['login', '--email', owner.email, '--password-stdin'], { env, stdin: `${password}\n` })

/** The settings under which the server of this test runs, for commands that go to its database. */
const ofServer = () => ({
  ...env,
  DATA_DIR: server.dataDir,
  DATABASE_URL: server.database.url,
  DATABASE_ROLE_SECRET: server.database.roleSecret,
})

test('setup makes the owner with units and zone and signs this machine in, and changes nothing where there is one', async () => {
  expect(firstRun.stderr).toBe('')
  expect(firstRun.code).toBe(0)
  expect(JSON.parse(firstRun.stdout)).toMatchObject({ email: owner.email, units: 'imperial' })
  const me = await server.call('GET', '/api/v1/me', { token: owner.token })
  expect(me.body).toMatchObject({ role: 'owner', time_zone: 'Europe/Oslo', units: 'imperial' })

  const again = await setup(['--link', `${server.url}/setup?token=of-somebody`])
  expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('has an owner already') })
})

test('login keeps an API key that only its owner can read, and nothing of the password', async () => {
  const file = join(home, 'tributary/login.json')
  const kept = await readFile(file, 'utf8')
  expect(JSON.parse(kept)).toMatchObject({ url: server.url, email: owner.email })
  expect(kept).not.toContain(owner.password)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a wrong password ends with 1 and keeps nothing', async () => {
  const elsewhere = join(home, 'elsewhere')
  const { code, stderr } = await runTributary(['login', '--email', owner.email, '--password-stdin'], {
    env: { ...env, XDG_CONFIG_HOME: elsewhere },
    stdin: 'not it\n',
  })
  expect(stderr).toContain('credentials_wrong')
  expect(code).toBe(1)
  await expect(stat(join(elsewhere, 'tributary/login.json'))).rejects.toThrow('ENOENT')
})

test('the key of one server is not sent to another', async () => {
  const { code, stderr } = await runTributary(['devices', 'list', '--url', 'http://localhost:9'], { env })
  expect(stderr).toContain('not signed in to http://localhost:9')
  expect(code).toBe(1)
})

test('a device is added with its token, listed, and removed', async () => {
  const added = await runTributary(
    ['devices', 'add', '--type', 'scale', '--name', 'Bathroom scale', '--with-token', '--json'],
    { env },
  )
  expect(added.code).toBe(0)
  const { device_id, device_token } = JSON.parse(added.stdout)
  expect(device_token).toMatch(/^trd_[\w-]{43}$/)

  const sent = await server.call('POST', `/api/v1/devices/${device_id}/data`, {
    token: device_token,
    body: { data_type: 'heart_rate', values: [{ timestamp: '2026-03-01T08:00:00Z', value: 61 }], unit: 'bpm' },
  })
  expect(sent.status).toBe(201)
  const data = await runTributary(['devices', 'data', device_id, '--type', 'heart_rate', '--from', '2026-03-01'], {
    env,
  })
  expect(data.stdout).toMatch(/heart_rate.*61|61.*heart_rate/s)

  const listed = await runTributary(['devices', 'list'], { env })
  expect(listed.stdout).toContain(`${device_id}  scale`)
  const asked = await runTributary(['devices', 'remove', device_id, '--data', 'delete'], { env })
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')])
  const removed = await runTributary(['devices', 'remove', device_id, '--data', 'delete', '--yes'], { env })
  expect(removed.code).toBe(0)
  expect(JSON.parse((await runTributary(['devices', 'list', '--json'], { env })).stdout)).toEqual([])
})

test('a FIT file becomes a session; the second time nothing is added; a file that is none says why and ends with 1', async () => {
  const walk = fixture('fit/garmin-fenix-5-walk.fit')
  const first = await runTributary(['import', walk, '--json'], { env })
  expect(first.code, first.stderr).toBe(0)
  expect(JSON.parse(first.stdout)).toEqual([
    expect.objectContaining({ path: walk, ok: true, file: expect.objectContaining({ status: 'done', sessions: 1 }) }),
  ])

  const again = await runTributary(['import', walk], { env })
  expect(again.stdout).toBe('known   garmin-fenix-5-walk.fit  imported before: nothing was added\n')
  expect(again.code).toBe(0)

  const folder = join(home, 'files')
  await mkdir(folder)
  await writeFile(join(folder, 'broken.fit'), 'this is no activity')
  await writeFile(join(folder, 'notes.txt'), 'not sent at all')
  const broken = await runTributary(['import', folder], { env })
  expect(broken.stdout).toMatch(/^failed {2}broken\.fit {2}\S.*\n$/)
  expect(broken.code).toBe(1)
})

test('users reset gives a new password, and the old one ends', async () => {
  const { code, stdout, stderr } = await runTributary(['users', 'reset', owner.email, '--json'], { env: ofServer() })
  expect(code, stderr).toBe(0)
  expect((await signIn(owner.password)).code).toBe(1)
  expect((await signIn(JSON.parse(stdout).password)).code).toBe(0)

  const chosen = await runTributary(['users', 'reset', owner.email, '--password-stdin'], {
    env: ofServer(),
    stdin: 'a phrase of my own choosing\n',
  })
  expect(chosen.code).toBe(0)
  expect((await signIn('a phrase of my own choosing')).code).toBe(0)
})

test('users list shows every account, an invite lets one person in, and an unknown address ends with 1', async () => {
  const listed = await runTributary(['users', 'list', '--json'], { env: ofServer() })
  expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ email: owner.email, role: 'owner' })])
  const { invite } = JSON.parse((await runTributary(['users', 'invite', '--json'], { env: ofServer() })).stdout)
  const joined = await server.call('POST', '/api/v1/auth/register', {
    body: { email: 'ada@example.org', password: 'correct horse battery staple', invite },
  })
  expect(joined.status).toBe(201)
  const unknown = await runTributary(['users', 'disable', 'nobody@example.org'], { env: ofServer() })
  expect(unknown.stderr).toContain('there is no account with the address nobody@example.org')
  expect(unknown.code).toBe(1)
})

test('doctor finds a healthy installation healthy, and an open secret a fault with its remedy', async () => {
  const port = new URL(server.url).port
  const well = await runTributary(['doctor', '--json', '--port', port], { env: ofServer() })
  expect(well.code, well.stdout).toBe(0)
  const { findings } = JSON.parse(well.stdout) as { findings: { name: string; state: string; says: string }[] }
  expect(findings.filter(({ state }) => state === 'fail')).toEqual([])
  expect(findings.find(({ name }) => name === 'port')?.says).toContain('tributary')
  expect(findings.find(({ name }) => name === 'schema')?.says).toContain('up to date')

  await chmod(join(server.dataDir, 'secrets/jwt-key'), 0o644)
  const open = await runTributary(['doctor'], { env: ofServer() })
  expect(open.stdout).toMatch(/FAIL {2}secrets .*jwt-key\n.*chmod/)
  expect(open.code).toBe(1)
})

test('a start with another ENCRYPTION_KEY than the data was sealed with is refused in one line, and keys are not rotated beside a server', async () => {
  const wrong = { ...ofServer(), PORT: '0', ENCRYPTION_KEY: 'another key of at least 32 characters' }
  const start = await runTributary(['start'], { env: wrong })
  expect(start.code).toBe(1)
  expect(start.stderr).toMatch(/^tributary: ENCRYPTION_KEY is not the key that this database was sealed with[^\n]*\n$/)

  const rotate = await runTributary(['keys', 'rotate'], { env: ofServer() })
  expect(rotate).toMatchObject({ code: 1, stderr: expect.stringContaining('the server is running') })
})
