/**
 * `npm run bench [name …] [--write]`: every speed promise, measured with its other sides in the same run and printed beside its floor.
 * `--write` keeps the result in docs/benchmarks.md.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { benchArchives } from './archives.bench.ts'
import { benchChart } from './chart.bench.ts'
import { benchDays } from './days.bench.ts'
import { type Figure, markdownOf, printFigures } from './figure.ts'
import { benchFiles } from './files.bench.ts'
import { benchFootprint } from './footprint.bench.ts'
import { benchGrowth } from './growth.bench.ts'
import { benchIngest } from './ingest.bench.ts'
import { benchMapping } from './mapping.bench.ts'
import { benchPages } from './pages.bench.ts'
import { benchReads } from './reads.bench.ts'
import { benchStore } from './store.bench.ts'
import { type Cluster, startCluster } from './under-test.ts'

const benches: { name: string; title: string; run: (cluster: Cluster) => Promise<Figure[]> }[] = [
  { name: 'store', title: 'The store alone', run: benchStore },
  { name: 'ingest', title: 'Ingest over HTTP', run: benchIngest },
  { name: 'growth', title: 'Growth', run: benchGrowth },
  { name: 'reads', title: 'Reading', run: benchReads },
  { name: 'days', title: 'Daily values', run: benchDays },
  { name: 'files', title: 'Activity files', run: benchFiles },
  { name: 'mapping', title: 'Providers’ records', run: benchMapping },
  { name: 'archives', title: 'Archives', run: benchArchives },
  { name: 'chart', title: 'The explorer', run: benchChart },
  { name: 'pages', title: 'The pages', run: benchPages },
  { name: 'footprint', title: 'Starting and standing idle', run: benchFootprint },
]

const words = process.argv.slice(2)
const chosen = words.filter((word) => !word.startsWith('--'))
const sections: { title: string; figures: Figure[] }[] = []
const cluster = await startCluster()
try {
  for (const { name, title, run } of benches) {
    if (chosen.length && !chosen.includes(name)) continue
    const figures = await run(cluster)
    printFigures(title, figures)
    sections.push({ title, figures })
  }
} finally {
  await cluster.stop()
}
if (words.includes('--write')) await writeFile(new URL('../../../docs/benchmarks.md', import.meta.url), page())
process.exitCode = sections.every(({ figures }) => figures.every(({ met }) => met)) ? 0 : 1

function page(): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, PostgreSQL 18.4 with fsync on`
  return `# Benchmarks

Made by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. Medians of three rounds; both sides of every ratio ran in the same run, one after the other.
The server runs as an operator starts it, but that its rate limit is lifted, since one account makes all the load, and that it logs errors only.
Ratios carry over to other machines, absolute figures do not. What a missed floor is made of stands in [decisions/0005](decisions/0005-upload-cost.md).

${markdownOf(sections)}`
}
