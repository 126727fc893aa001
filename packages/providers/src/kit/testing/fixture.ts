import { readFileSync } from 'node:fs'

/** What stands in `fixtures/<name>.json` beside the test: `fixture(import.meta.url, 'activities')`. */
export function fixture<T = unknown[]>(test: string, name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, test), 'utf8')) as T
}
