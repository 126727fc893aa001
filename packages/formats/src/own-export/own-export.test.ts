import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchiveEntry, Ending, Piece } from '../piece.ts'
import { pieceValues } from '../piece.ts'
import { readingNow } from '../testing/read.ts'
import { readColumn, readSteps, type TextColumn, writeColumn, writeSteps } from './columns.ts'
import { linesOf } from './lines.ts'
import { ownExport } from './read-export.ts'

const entry = (path: string, text: string, chunkLength = 7): ArchiveEntry => {
  const bytes = Buffer.from(text)
  return {
    path,
    size: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkLength) yield bytes.subarray(at, at + chunkLength)
    },
  }
}

const counts = { samples: 0, days: 0, events: 0, positions: 0, sessions: 0, files: 0 }
const manifest = (more: object = {}) =>
  entry(
    'manifest.json',
    JSON.stringify({ format: 'tributary', version: 1, sources: [{ key: 'k', name: 'Watch' }], counts, ...more }),
  )

async function read(entries: ArchiveEntry[]): Promise<{ pieces: Piece[]; ending: Ending }> {
  const reading = ownExport.read({ name: 'x.zip', entries, now: readingNow, timeZone: 'UTC' })
  const pieces: Piece[] = []
  for (;;) {
    const next = await reading.next()
    if (next.done) return { pieces, ending: next.value }
    pieces.push(next.value)
  }
}

describe('columns', () => {
  test('come back number by number, gaps and all', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN))), (numbers) => {
        const finite = numbers.map((x) => (Number.isFinite(x) || Number.isNaN(x) ? x : 0))
        const column = JSON.parse(JSON.stringify(writeColumn(finite))) as TextColumn
        expect([...readColumn(column, finite.length)]).toEqual(finite.map((x) => (Object.is(x, -0) ? 0 : x)))
      }),
    )
  })

  test('of times come back as well', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 47 })), (times) => {
        expect([...readSteps(JSON.parse(JSON.stringify(writeSteps(times))), times.length)]).toEqual(times)
      }),
    )
  })

  test('that repeat are short: a day of one value a second is some bytes', () => {
    const times = Array.from({ length: 86_400 }, (_, i) => 1_700_000_000_000 + i * 1_000)
    expect(JSON.stringify(writeSteps(times)).length).toBeLessThan(60)
  })

  test.each([
    ['a text', 'x', 1],
    ['too few', [1], 2],
    ['something else among them', [1, 'x'], 2],
    ['runs that are too long', { runs: [1, 3] }, 2],
    ['runs that are too short', { runs: [1, 1] }, 2],
    ['runs without end', { runs: [1, 1e12] }, 2],
    ['a run of half', { runs: [1, 0.5] }, 1],
  ])('%s are refused', (_, given, n) => {
    expect(() => readColumn(given, n)).toThrow(RangeError)
  })
})

describe('lines', () => {
  const all = async (text: string, longest?: number) => {
    const lines = []
    for await (const line of linesOf(entry('x', text), longest)) lines.push(line)
    return lines
  }

  test('are the same wherever the bytes are cut, with and without an end, and empty ones say nothing', async () => {
    const texts = (await all('{"a":1}\n\n{"b":"é"}\nlast')).map(({ text }) => text)
    expect(texts).toEqual(['{"a":1}', '{"b":"é"}', 'last'])
  })

  test('that are too long lose their text and nothing else', async () => {
    const lines = await all(`short\n${'x'.repeat(100)}\nafter\n`, 50)
    expect(lines.map(({ text, tooLong }) => [text, tooLong])).toEqual([
      ['short', false],
      ['', true],
      ['after', false],
    ])
    expect(lines.at(-1)?.bytes).toBe(113)
  })
})

describe('an archive', () => {
  test('is known by its manifest and by nothing else', async () => {
    const head = async (file: ArchiveEntry) => {
      for await (const chunk of file.chunks()) return chunk
      return new Uint8Array()
    }
    expect(await ownExport.recognises([entry('manifest.json', '{"format":"tributary"}', 999)], head)).toBe(true)
    expect(await ownExport.recognises([entry('manifest.json', '{"format":"other"}', 999)], head)).toBe(false)
    expect(await ownExport.recognises([entry('tributary.json', '{"format":"tributary"}', 999)], head)).toBe(false)
  })

  test('keeps what can be read of a broken one, and says where the rest was', async () => {
    const { pieces, ending } = await read([
      manifest({ counts: { ...counts, samples: 3 } }),
      entry(
        'samples/0.ndjson',
        '{"metric":"heart_rate","n":2,"t":[1700000000000,1],"v":[60,61]}\nnot json\n{"metric":"heart_rate","n":9,"t":[1],"v":[60]}\n',
      ),
    ])
    expect(pieces).toHaveLength(1)
    expect(pieces[0]?.readings).toMatchObject([
      { metric: 'heart_rate', t: Float64Array.of(1_700_000_000_000, 1_700_000_000_001), v: Float64Array.of(60, 61) },
    ])
    expect(pieces[0]?.unusable).toMatchObject([
      { index: 1, code: 'line_unreadable', raw: '{"part":"samples"}\nnot json' },
      { index: 2 },
    ])
    expect(ending).toMatchObject({ rejectedByCode: { line_unreadable: 2 }, warnings: [{ code: 'counts_differ' }] })
  })

  test('says what is planned and what stays deleted, by the sources they are of; a line that names none is kept', async () => {
    const id = '0198c7e2-0000-7000-8000-0000000000aa'
    const { pieces, ending } = await read([
      manifest({ counts: { ...counts, planned_sessions: 1, suppressions: 1, files: 1 } }),
      entry(
        'planned_sessions.ndjson',
        `${JSON.stringify({ id, title: 'Swim', date: '2026-03-01', matched_by: 'person', session: { source: 0, external_id: 'x' }, told: { source: 0, external_id: '7' }, edits: { title: 'Tempo', distance: null, odd: 1 } })}\n{"id":"mine","title":"x","date":"2026-03-01"}\n`,
      ),
      entry(
        'suppressions.ndjson',
        `${JSON.stringify({ id, source: null, metric: 'steps', start: 1 })}\n{"id":"${id}","source":7}\n`,
      ),
      entry('files/1/ride.fit', 'x'),
    ])
    expect(pieces.map(({ restored }) => restored)).toMatchObject([
      {
        plans: [
          {
            ...{ id, title: 'Swim', session: { source: { key: 'k' }, externalId: 'x' } },
            ...{ told: { source: { key: 'k' }, externalId: '7' }, edits: { title: 'Tempo', distance: null } },
          },
        ],
        suppressions: [],
      },
      { plans: [], suppressions: [{ id, source: null, metric: 'steps', from: 1, to: null }] },
    ])
    expect(ending.rejected.map(({ detail }) => detail)).toEqual([
      'planned_sessions: id is none of ours',
      'suppressions: a line names a source that the archive does not have',
    ])
    expect(ending.warnings).toEqual([])
    expect(ownExport.keeps?.('files/1/ride.fit')).toBe(true)
  })

  test('is cut into pieces that are never too large, always the same, with values of one method together', async () => {
    const line = JSON.stringify({
      metric: 'steps',
      n: 8_000,
      t: { runs: [1_700_000_000_000, 1, 5, 7_999] },
      v: { runs: [1, 8_000] },
      m: { runs: [1, 4_000, 3, 4_000] },
    })
    const entries = [
      manifest({ counts: { ...counts, samples: 200_000 } }),
      entry('samples/0.ndjson', `${line}\n`.repeat(25), 10_000),
    ]
    const { pieces, ending } = await read(entries)
    const sizes = pieces.map(({ readings }) =>
      readings.reduce((sum, r) => sum + (r.kind === 'series' ? r.t.length : 0), 0),
    )
    expect(sizes.reduce((a, b) => a + b)).toBe(200_000)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(pieceValues)
    expect(pieces[0]?.readings[0]).toMatchObject({ method: 'automatic' })
    expect(pieces[0]?.readings[1]).toMatchObject({ method: 'manual' })
    expect(ending.warnings).toEqual([])
    expect(await read(entries)).toEqual({ pieces, ending })
  })

  test.each([
    ['without a manifest', [], 'manifest_missing'],
    ['of a newer version', [manifest({ version: 2 })], 'version_newer'],
    ['whose manifest is no JSON', [entry('manifest.json', '{')], 'manifest_broken'],
    ['whose sources have no key', [manifest({ sources: [{ name: 'x' }] })], 'manifest_broken'],
  ])('%s is refused', async (_, entries, code) => {
    await expect(read(entries)).rejects.toMatchObject({ code })
  })

  test('holds no line that makes the reader fall over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.json()),
        fc.constantFrom(
          ...['samples', 'days', 'events', 'positions', 'sessions'].map((part) => `${part}/0`),
          'planned_sessions',
          'suppressions',
        ),
        async (texts, part) => {
          const { ending } = await read([manifest(), entry(`${part}.ndjson`, texts.join('\n'), 1_000)])
          expect(ending.format).toBe('tributary')
        },
      ),
      { numRuns: runs(300) },
    )
  })
})
