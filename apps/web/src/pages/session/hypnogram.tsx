/** A night as steps between waking and deep sleep, drawn above its charts and moved along with them. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react'
import type uPlot from 'uplot'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { hoursAndMinutes } from '../../util/format.ts'
import { stackInset } from './chart-stack.tsx'
import styles from './hypnogram.module.css'
import { type Stage, type StageSpan, stageRows, sumsOf } from './night.ts'
import { StagesInWords, spanWords, titleOf } from './stages-in-words.tsx'

interface HypnogramProps {
  /** On the same scale as `range`. */
  spans: readonly StageSpan[]
  range: readonly [number, number]
  cursor: Cursor
  /** The first of the charts below, which tells the others. */
  plot: RefObject<uPlot | null>
  xWords: (at: number) => string
  showsX: boolean
}

const lane = 34

export function Hypnogram({ spans, range, cursor, plot, xWords, showsX }: HypnogramProps) {
  const sums = sumsOf(spans)
  const [told, setTold] = useState('')
  // Which stage the keys are at. The cursor will not do: charts draw it to their nearest value, which may lie in the next stage.
  const here = useRef(-1)
  const [from, to] = range
  const place = (at: number) => `${(100 * (at - from)) / (to - from)}%`
  const lanes = stageRows.map(([stage]) => stage).filter((stage) => sums.some((sum) => sum.stage === stage))

  const point = (at: number) => {
    const chart = plot.current
    // The third argument tells the charts of the same key; uPlot's types leave it out.
    const setCursor: ((place: { left: number; top: number }, fires: boolean, publishes: boolean) => void) | undefined =
      chart?.setCursor
    if (chart && setCursor) setCursor({ left: chart.valToPos(at, 'x'), top: chart.height / 3 }, true, true)
    cursor.set(at)
  }
  const follow = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width: whole } = currentTarget.getBoundingClientRect()
    const at = from + ((to - from) * Math.min(whole, Math.max(0, clientX - left))) / whole
    here.current = spans.findIndex((span) => at >= span.from && at < span.to)
    point(at)
  }
  const move = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!direction) return
    event.preventDefault()
    const next = spans[here.current === -1 && direction < 0 ? spans.length - 1 : here.current + direction]
    if (!next) return
    here.current = spans.indexOf(next)
    point((next.from + next.to) / 2)
    setTold(spanWords(next, xWords))
  }

  return (
    <figure className={styles['night']}>
      <div
        className={styles['field']}
        role="application"
        aria-label={`${sentenceOf(sums)} Arrow keys move from stage to stage.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the night takes the arrow keys.
        tabIndex={0}
        onKeyDown={move}
      >
        <div className={styles['titles']} style={{ width: stackInset.left }} aria-hidden="true">
          {lanes.map((stage) => (
            <span key={stage} style={{ height: lane }}>
              {titleOf({ stage })}
            </span>
          ))}
        </div>
        <svg
          className={styles['lanes']}
          style={{ height: lanes.length * lane, marginInlineEnd: stackInset.right }}
          aria-hidden="true"
          onPointerMove={follow}
          onPointerDown={follow}
        >
          <Stages spans={spans} lanes={lanes} range={range} />
          <Here cursor={cursor} place={place} height={lanes.length * lane} />
        </svg>
      </div>
      {showsX && (
        <div
          className={styles['ends']}
          style={{ marginInlineStart: stackInset.left, marginInlineEnd: stackInset.right }}
        >
          <span>{xWords(from)}</span>
          <span>{xWords(to)}</span>
        </div>
      )}
      <ul className={styles['legend']}>
        {sums.map(({ stage, title, seconds, share }) => (
          <li key={stage}>
            <i data-stage={stage} /> {title} <strong>{hoursAndMinutes(seconds)}</strong> {Math.round(100 * share)}%
          </li>
        ))}
      </ul>
      <StagesInWords spans={spans} xWords={xWords} />
      <figcaption className="visually-hidden" role="status">
        {told}
      </figcaption>
    </figure>
  )
}

interface StagesProps {
  spans: readonly StageSpan[]
  lanes: readonly Stage[]
  range: readonly [number, number]
}

function Stages({ spans, lanes, range: [from, to] }: StagesProps) {
  const share = (length: number) => `${(100 * length) / (to - from)}%`
  const top = (stage: Stage) => lanes.indexOf(stage) * lane
  return (
    <>
      {lanes.map((stage, index) => (
        <rect key={stage} className={styles['lane']} y={index * lane + 4} width="100%" height={lane - 8} rx={4} />
      ))}
      {spans.slice(1).map((span, index) => {
        const before = spans[index]
        if (!before || before.stage === span.stage || span.from - before.to > 60_000) return null
        const [high, low] = [top(before.stage), top(span.stage)].sort((a, b) => a - b) as [number, number]
        return (
          <line
            key={span.from}
            className={styles['step']}
            x1={share(span.from - from)}
            x2={share(span.from - from)}
            y1={high + lane / 2}
            y2={low + lane / 2}
          />
        )
      })}
      {spans.map((span) => (
        <rect
          key={`${span.from} ${span.stage}`}
          data-stage={span.stage}
          className={styles['stage']}
          x={share(span.from - from)}
          width={share(span.to - span.from)}
          y={top(span.stage) + 4}
          height={lane - 8}
          rx={2}
        />
      ))}
    </>
  )
}

function Here({ cursor, place, height }: { cursor: Cursor; place: (at: number) => string; height: number }) {
  const at = useCursor(cursor)
  return at === null ? null : <line className={styles['here']} x1={place(at)} x2={place(at)} y1={0} y2={height} />
}

function sentenceOf(sums: ReturnType<typeof sumsOf>): string {
  const parts = sums.map(
    ({ title, seconds, share }) => `${title} ${hoursAndMinutes(seconds)}, ${Math.round(100 * share)}%`,
  )
  return `Stages of the night: ${parts.join('; ')}.`
}
