import { Anchor, Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { MetricId } from '@tributary/protocol'
import type { RefObject } from 'react'
import { useFormat } from '../../app/reader.tsx'
import type { MetricLine } from '../../charts/metric-lines.ts'
import { offerFile, pictureOf } from '../../charts/picture.ts'
import { Icon } from '../../ui/icon.tsx'
import { metricTitle } from '../../util/metric-words.ts'
import { download, path } from '../../util/path-builder.ts'
import { type Range, rangeSearch } from '../../util/time-range.ts'
import { hiddenWord, metricsWord } from './address.ts'
import styles from './view.module.css'

interface TakeAwayProps {
  metrics: readonly MetricId[]
  range: Range
  hidden: ReadonlySet<string>
  title: string
  legend: readonly MetricLine[]
  canvases: () => HTMLCanvasElement[]
  like: RefObject<HTMLElement | null>
}

/** The view as a link, a picture or numbers. */
export function TakeAway({ metrics, range, hidden, title, legend, canvases, like }: TakeAwayProps) {
  const format = useFormat()
  const { from, to } = rangeSearch(range) as { from: string; to: string }
  const picture = useMutation({
    mutationFn: async () => {
      if (!like.current) return
      const blob = await pictureOf({
        title,
        subtitle: `${format.fullDateTime(range.from)} to ${format.fullDateTime(range.to)}`,
        legend: legend.map((line) => ({ ...line, label: legendWords(line, metrics.length > 1) })),
        canvases: canvases(),
        like: like.current,
      })
      offerFile(blob, `${metrics.join('-')}-${from.slice(0, 10)}-${to.slice(0, 10)}.png`)
    },
  })
  const legendWords = ({ metric, label }: MetricLine, hasSeveral: boolean) => {
    const unit = format.measure(metric).label
    return `${hasSeveral ? `${metricTitle(metric)}, ` : ''}${label}${unit ? ` (${unit})` : ''}`
  }
  return (
    <>
      <ShareLink metrics={metrics} from={from} to={to} hidden={hidden} />
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="download" size={16} />}
        loading={picture.isPending}
        onClick={() => picture.mutate()}
      >
        Download PNG
      </Button>
      <Anchor href={download.timelineCsv(metrics, from, to)} download className={styles['csv'] ?? ''}>
        <Icon name="download" size={16} /> Download CSV
      </Anchor>
      {picture.isError && (
        <span role="alert" className={styles['said']}>
          This browser could not draw the picture.
        </span>
      )}
    </>
  )
}

interface ShareLinkProps {
  metrics: readonly MetricId[]
  from: string
  to: string
  hidden: ReadonlySet<string>
}

/** The very stretch that is shown, not "the last week": that would be another one tomorrow. */
function ShareLink({ metrics, from, to, hidden }: ShareLinkProps) {
  const router = useRouter()
  const clipboard = useClipboard({ timeout: 2_000 })
  const off = hiddenWord(hidden, metrics)
  const place = path.explore({ metric: metricsWord(metrics), from, to, ...(off && { hidden: off }) })
  const address = new URL(router.buildLocation(place).href, location.origin).href
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name={clipboard.copied ? 'check' : 'share'} size={16} />}
        onClick={() => clipboard.copy(address)}
      >
        {clipboard.copied ? 'Link copied' : 'Copy link'}
      </Button>
      {/* A page that came over plain HTTP may not touch the clipboard: then the link is there to be copied by hand. */}
      {clipboard.error && <input className={styles['link']} readOnly aria-label="Link to this view" value={address} />}
      <span className="visually-hidden" role="status">
        {clipboard.copied ? 'Link copied' : ''}
      </span>
    </>
  )
}
