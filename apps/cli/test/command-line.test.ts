import { describe, expect, test } from 'vitest'
import { runTributary } from './run-tributary.ts'

const everyCommand = [
  [],
  ['start'],
  ['doctor'],
  ['users'],
  ['setup'],
  ['login'],
  ['logout'],
  ['import'],
  ['sync'],
  ['export'],
  ['demo'],
  ['demo', 'add'],
  ['demo', 'remove'],
  ['demo', 'status'],
  ['backup'],
  ['restore'],
  ['verify'],
  ['migrate'],
  ['views'],
  ['keys'],
  ['devices'],
  ['devices', 'list'],
  ['devices', 'add'],
  ['devices', 'token'],
  ['devices', 'remove'],
  ['devices', 'data'],
]

describe('help', () => {
  test.each(everyCommand.map((words) => [words.join(' ') || 'tributary', words]))(
    '%s says what it does, with an example, and ends with 0',
    async (_name, words) => {
      const { code, stdout, stderr } = await runTributary([...words, '--help'])
      expect(stdout).toMatch(/tributary|npm start/)
      expect(stdout).toMatch(/Examples?:|npm start -- /)
      expect(stderr).toBe('')
      expect(code).toBe(0)
    },
  )
})

describe('exit codes', () => {
  test.each([
    ['an unknown command', ['fly'], /unknown command/],
    ['an unknown option', ['devices', 'list', '--sideways'], /unknown option/],
    ['a missing argument', ['import'], /missing required argument/],
    [
      'a value that an option does not take',
      ['devices', 'add', '--type', 'a', '--name', 'b', '--integration', 'pigeon'],
      /pigeon/,
    ],
    ['a format that there is not', ['export', '--format', 'xls'], /xls/],
    ['two folders to watch', ['import', '--watch', 'a', 'b', '--token', 'x'], /one folder/],
    ['a backup without a name', ['backup'], /missing required argument/],
    ['a move from nowhere', ['migrate'], /required option '--from/],
    ['an unknown setting', ['start', '--warp', '9'], /--warp/],
    ['a setting with a wrong value', ['start', '--port', 'x'], /PORT got "x"; it takes a whole number/],
    ['a secret on the command line', ['start', '--jwt-secret-key', 'abc'], /JWT_SECRET_KEY in the environment/],
  ])('%s ends with 2 and one line that says why', async (_name, words, says) => {
    const { code, stdout, stderr } = await runTributary(words)
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('without a sign-in a command that needs one ends with 1 and says how to get it', async () => {
    const { code, stderr } = await runTributary(['devices', 'list'])
    expect(stderr).toContain('tributary login')
    expect(code).toBe(1)
  })

  test('a server that is not there ends with 1 and names the two things to look at', async () => {
    const { code, stderr } = await runTributary(['devices', 'list', '--url', 'http://127.0.0.1:9', '--token', 'trk_x'])
    expect(stderr).toMatch(/cannot be reached.*\n.*tributary start.*--url/)
    expect(code).toBe(1)
  })

  test('a file that is not there is told before anything is sent', async () => {
    const { code, stderr } = await runTributary(['import', '/no/such/ride.fit'])
    expect(stderr).toBe('tributary: there is no /no/such/ride.fit\n')
    expect(code).toBe(1)
  })
})
