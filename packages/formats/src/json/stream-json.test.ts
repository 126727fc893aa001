import { expect, test } from 'vitest'
import { pseudoRandom } from '../testing/ride.ts'
import type { JsonFound } from './json-scanner.ts'
import { findJson, type JsonOptions, streamJson } from './stream-json.ts'

const MB = 1_000_000

async function* pieces(text: string | Uint8Array, size = 7) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function valuesOf(text: string | Uint8Array, pattern: string, size?: number): Promise<unknown[]> {
  return Array.fromAsync(streamJson(pieces(text, size), pattern))
}

async function findAll(text: string, patterns: string[], options?: JsonOptions): Promise<JsonFound[]> {
  return Array.fromAsync(findJson(pieces(text), patterns, options))
}

const log = '{"a": {"list": [1, {"b": "x]\\"}"}, [2, 3], null, true, -4.5e1], "other": {"list": [9]}}, "z": 1}'

test('the members of a list are handed over one by one', async () => {
  expect(await valuesOf(log, 'a.list.*')).toEqual([1, { b: 'x]"}' }, [2, 3], null, true, -45])
})

test.each([
  ['', '{"a":1}', [{ a: 1 }]],
  ['', ' 12', [12]],
  ['', '"twelve"', ['twelve']],
  ['*', '[]', []],
  ['*', '{"a":1,"b":[]}', [1, []]],
  ['*.v', '[{"v":1},{"w":2},{"v":{"v":3}},7,"v"]', [1, { v: 3 }]],
  ['a.*.b', '{"a":[{"b":1}],"a2":[{"b":2}]}', [1]],
  ['missing', '{"a":1}', []],
])('"%s" of %s', async (pattern, text, expected) => {
  expect(await valuesOf(text, pattern)).toEqual(expected)
})

test('each value says where it stood, how it was written and how far the file was read', async () => {
  const text = '{"m":[{"name":"é","data":[1 , 2]}]}'
  expect(await findAll(text, ['m.*.name', 'm.*.data.*'])).toEqual([
    { pattern: 'm.*.name', path: ['m', 0, 'name'], value: 'é', text: '"é"', bytes: 18 },
    { pattern: 'm.*.data.*', path: ['m', 0, 'data', 0], value: 1, text: '1', bytes: 28 },
    { pattern: 'm.*.data.*', path: ['m', 0, 'data', 1], value: 2, text: '2', bytes: 32 },
  ])
})

test('where the chunks are cut makes no difference', async () => {
  const text = `\uFEFF${JSON.stringify({ list: [{ a: 'ąę\u{1F6B4}"\\', n: [1.5, [2]] }, 'b', -3, { 'k"': {} }] })}`
  const whole = await valuesOf(text, 'list.*', 1000)
  expect(whole).toHaveLength(4)
  for (let size = 1; size < 40; size++) expect(await valuesOf(text, 'list.*', size)).toEqual(whole)
})

test('UTF-16 is read as well', async () => {
  expect(await valuesOf(Buffer.from('\uFEFF{"a":["ż"]}', 'utf16le'), 'a.*', 1)).toEqual(['ż'])
})

test('any document gives what JSON.parse gives', async () => {
  const random = pseudoRandom(4)
  const make = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 5 ? 4 : 6))
    const many = Array.from({ length: Math.floor(random() * 5) })
    if (kind === 0) return random() * 1e6 - 5e5
    if (kind === 1) return String.fromCodePoint(...many.map(() => Math.floor(random() * 0x500)))
    if (kind === 2) return random() < 0.5
    if (kind === 3) return null
    if (kind === 4) return many.map(() => make(depth + 1))
    return Object.fromEntries(many.map(() => [String.fromCodePoint(Math.floor(random() * 0x500)), make(depth + 1)]))
  }
  for (let i = 0; i < 300; i++) {
    const list = Array.from({ length: 5 }, () => make(0))
    const text = JSON.stringify({ x: make(1), list }, null, i % 3)
    expect(await valuesOf(text, 'list.*', 1 + (i % 11))).toEqual(list)
  }
})

test.each([
  ['{"list":[1,2', 'json_truncated'],
  ['', 'json_truncated'],
  ['{"list":[1,2}', 'json_broken'],
  ['{"list":[1,2]]', 'json_broken'],
  ['{"list":[1,,2]}', 'json_broken'],
  ['{"list":[1,]}', 'json_broken'],
  ['{"list" [1]}', 'json_broken'],
  ['{list:[1]}', 'json_broken'],
  ['{"list":[{"a":1]}', 'json_broken'],
  ['{"list":[1]} {', 'json_broken'],
  ['<html>', 'json_broken'],
])('%s is %s', async (text, code) => {
  await expect(valuesOf(text, 'list.*')).rejects.toMatchObject({ name: 'FormatError', code })
})

test('a document that breaks off gives what it had, and says where it broke', async () => {
  const told: string[] = []
  const found = await findAll('{"list":[1,{"a":2},{"a":', ['list.*'], { broke: (detail) => told.push(detail) })
  expect(found.map(({ value }) => value)).toEqual([1, { a: 2 }])
  expect(told).toEqual(['the JSON ends in the middle, at byte 24'])
})

test('a value that is not JSON inside is handed over as text, and the next ones are read', async () => {
  const found = await findAll('{"list":[{"a":NaN},{"a":2}]}', ['list.*'])
  expect(found.map(({ value, text }) => value ?? text)).toEqual(['{"a":NaN}', { a: 2 }])
  expect(found[0]?.broken).toMatch(/JSON/)
  await expect(valuesOf('[{"a":NaN}]', '*')).rejects.toMatchObject({ code: 'json_broken' })
})

/** A stream of one text over and over, which counts how much of it was taken. */
function endless(head: string, again: string) {
  const taken = { bytes: 0 }
  const piece = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)))
  async function* chunks() {
    yield Buffer.from(head)
    for (; taken.bytes < 500 * MB; taken.bytes += piece.length) yield piece
  }
  return { taken, chunks: chunks() }
}

test.each([
  ['brackets a million deep on the way', '', '[', '*.*', 'json_broken|json_too_deep'],
  ['brackets a million deep in a value', '{"list":', '[', 'list', 'json_too_deep'],
  ['brackets a million deep in what is passed over', '{"x":', '{"a":', 'list', 'json_too_deep'],
  ['a name without an end', '{"', 'x', 'list', 'json_value_too_long'],
  ['a value without an end', '{"list":[', '1,', 'list', 'json_value_too_long'],
  ['a text without an end', '{"list":"', 'x', 'list', 'json_token_too_long'],
  ['a text without an end inside a value', '{"list":{"a":[1,"', 'x', 'list', 'json_token_too_long'],
  ['a number without an end inside a value', '{"list":{"a":', '9', 'list', 'json_token_too_long'],
])('%s is refused', async (_, head, again, pattern, code) => {
  const { taken, chunks } = endless(head, again)
  await expect(Array.fromAsync(streamJson(chunks, pattern, { limits: { value: 10 * MB } }))).rejects.toMatchObject({
    code: expect.stringMatching(code),
  })
  expect(taken.bytes).toBeLessThan(12 * MB)
})

test('texts just short of the limit are read, and what is passed over may be longer', async () => {
  const long = 'x'.repeat(990_000)
  const text = JSON.stringify({ picture: 'x'.repeat(2_000_000), list: [{ a: long, b: long }, long] })
  for (const size of [65_536, 4 * MB]) {
    expect(await valuesOf(text, 'list.*', size)).toEqual([{ a: long, b: long }, long])
    await expect(valuesOf(text, 'picture', size)).rejects.toMatchObject({ code: 'json_token_too_long' })
  }
})
