import { performance } from 'node:perf_hooks'
import type { Family } from './write-text.ts'

/** Of the process itself: nothing is measured until it is asked for. */
export function processFamilies(version: string): Family[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const one = (name: string, type: Family['type'], help: string, value: number): Family => ({
    name,
    type,
    help,
    samples: [{ value }],
  })
  return [
    { name: 'build_info', type: 'gauge', help: 'Always 1', samples: [{ labels: { version }, value: 1 }] },
    one('start_time_seconds', 'gauge', 'When the process began', performance.timeOrigin / 1_000),
    one('cpu_seconds_total', 'counter', 'CPU time of the process, without the database', (user + system) / 1e6),
    one('resident_memory_bytes', 'gauge', 'Memory of the process, without the database', rss),
    one('heap_used_bytes', 'gauge', "JavaScript's share of it", heapUsed),
    one(
      'event_loop_busy_seconds_total',
      'counter',
      'How long the main thread was at work; a rate near 1 means that requests wait for it',
      performance.eventLoopUtilization().active / 1_000,
    ),
  ]
}
