import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchFolder } from '../src/watch-folder.ts'

let home: string
let folder: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'trb-watch-'))
  folder = await mkdtemp(join(tmpdir(), 'trb-watched-'))
  process.env['XDG_STATE_HOME'] = home
})
afterEach(async () => {
  delete process.env['XDG_STATE_HOME']
  await rm(home, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

const everyMs = 60

/** Watches while `work` goes on, and answers the names of what was sent. */
async function watched(
  work: (sent: string[]) => Promise<void>,
  answers: (name: string) => boolean = () => true,
): Promise<string[]> {
  const stopping = new AbortController()
  const sent: string[] = []
  const watching = watchFolder({
    folder,
    server: 'http://hub.example',
    everyMs,
    signal: stopping.signal,
    send: async (path) => {
      sent.push(basename(path))
      return answers(basename(path))
    },
  })
  await work(sent)
  stopping.abort()
  await watching
  return sent
}

const until = async (sent: string[], n: number) => {
  while (sent.length < n) await pause(10)
}

test('what is there and what appears is sent once; other files are left alone', async () => {
  await writeFile(join(folder, 'a.fit'), 'one')
  const sent = await watched(async (so) => {
    await until(so, 1)
    await writeFile(join(folder, 'b.gpx'), 'two')
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await until(so, 2)
    await pause(4 * everyMs)
  })
  expect(sent).toEqual(['a.fit', 'b.gpx'])
})

test('a file that grows is sent when it has stopped, and not before', async () => {
  const path = join(folder, 'growing.zip')
  const sent = await watched(async (so) => {
    for (let i = 0; i < 8; i++) {
      await appendFile(path, 'more')
      await pause(everyMs / 2)
      expect(so).toEqual([])
    }
    await until(so, 1)
  })
  expect(sent).toEqual(['growing.zip'])
})

test('after a restart nothing is sent again, under whatever name, but what has changed is', async () => {
  await writeFile(join(folder, 'a.fit'), 'one')
  await watched((so) => until(so, 1))
  await writeFile(join(folder, 'copy of a.fit'), 'one')
  const sent = await watched(async (so) => {
    await pause(4 * everyMs)
    expect(so).toEqual([])
    await writeFile(join(folder, 'a.fit'), 'one, longer')
    await until(so, 1)
  })
  expect(sent).toEqual(['a.fit'])
})

test('what could not be sent is tried again', async () => {
  await writeFile(join(folder, 'a.fit'), 'one')
  let down = true
  const sent = await watched(
    async (so) => {
      await until(so, 3)
      down = false
      await until(so, 4)
      await pause(4 * everyMs)
    },
    () => !down,
  )
  expect(sent).toHaveLength(4)
})
