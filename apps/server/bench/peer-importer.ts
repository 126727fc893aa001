/**
 * The other side: the shape that the best-known open system of this kind gives its importer of Apple Health exports, rebuilt with
 * the same parts: Python's ElementTree makes a tree of the whole XML, and its records go as rows into the peer's table.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { insertPeerRows, peerTable } from './peer-server.ts'

/** Says one record a line: time and value. Memory is whatever the tree takes. */
const script = `
import sys, xml.etree.ElementTree as tree
for record in tree.parse(sys.argv[1]).getroot().iter('Record'):
    try:
        value = float(record.get('value') or '')
    except ValueError:
        continue
    stamp = record.get('startDate')
    print(stamp[:10] + 'T' + stamp[11:19] + stamp[20:], value)
`

/** MB of XML a second; undefined where there is no Python. */
export async function peerImportRate(
  config: pg.ClientConfig,
  path: string,
  bytes: number,
): Promise<number | undefined> {
  const pool = new pg.Pool({ ...config, max: 1 })
  try {
    await pool.query(peerTable)
    const begun = performance.now()
    const parser = spawn('python3', ['-c', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => {
      parser.on('error', () => resolve(null)) // there is no python3
      parser.on('exit', resolve)
    })
    let rows = new Map<string, { timestamp: string; value: number }>()
    const source = '00000000-0000-7000-8000-000000000001'
    for await (const line of createInterface({ input: parser.stdout })) {
      const [timestamp = '', value] = line.split(' ')
      rows.set(timestamp, { timestamp, value: Number(value) }) // one row a key: an upsert takes none twice
      if (rows.size < 8_191) continue
      await insertPeerRows(pool, source, [...rows.values()])
      rows = new Map()
    }
    if ((await ended) !== 0) return undefined
    await insertPeerRows(pool, source, [...rows.values()])
    return bytes / 1e6 / ((performance.now() - begun) / 1_000)
  } finally {
    await pool.end()
  }
}
