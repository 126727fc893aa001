/** All there is at a glance, with a window on what the chart above shows: dragged, stretched or moved by keys. */
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef } from 'react'
import type { Range } from '../util/time-range.ts'
import { type BrushPart, brushStep, moveBrush } from './brush.ts'
import styles from './brush-strip.module.css'
import type { Column } from './columns.ts'
import { thinPath } from './strip-path.ts'

interface BrushStripProps {
  extent: Range
  range: Range
  curves: readonly { colour: string; column: Column }[]
  /** What a screen reader is told of where the window lies. */
  words: (at: number) => string
  /** At most once a frame while something is dragged. */
  onPreview: (range: Range) => void
  /** Let go, or moved by a key. */
  onRange: (range: Range) => void
}

interface Drag {
  part: BrushPart
  startX: number
  from: Range
  now: Range
  x: number
  frame: number
}

export function BrushStrip({ extent, range, curves, words, onPreview, onRange }: BrushStripProps) {
  const strip = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag | null>(null)
  const paths = useMemo(
    () => curves.map(({ colour, column }) => ({ colour, d: thinPath(column, extent, 600) })),
    [curves, extent],
  )

  /** Past React: a window that is dragged has no time to be described anew. */
  const place = ({ from, to }: Range) => {
    const share = (at: number) =>
      `${Math.min(100, Math.max(0, ((at - extent.from) / (extent.to - extent.from)) * 100))}%`
    strip.current?.style.setProperty('--from', share(from))
    strip.current?.style.setProperty('--to', share(to))
  }
  useLayoutEffect(() => {
    if (!drag.current) place(range)
  })

  const perPixel = () => (extent.to - extent.from) / Math.max(1, strip.current?.clientWidth ?? 1)
  const follow = () => {
    const { current } = drag
    if (!current) return
    current.frame = 0
    current.now = moveBrush(current.part, current.from, (current.x - current.startX) * perPixel(), extent)
    place(current.now)
    onPreview(current.now)
  }
  const take = (event: PointerEvent<HTMLElement>, part: BrushPart) => {
    if (event.button !== 0) return
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { part, startX: event.clientX, from: range, now: range, x: event.clientX, frame: 0 }
  }
  const move = (event: PointerEvent<HTMLElement>) => {
    const { current } = drag
    if (!current) return
    current.x = event.clientX
    current.frame ||= requestAnimationFrame(follow)
  }
  const letGo = () => {
    const { current } = drag
    if (!current) return
    cancelAnimationFrame(current.frame)
    performance.clearMarks('brush-release')
    performance.clearMeasures('brush-draw')
    performance.mark('brush-release')
    follow()
    drag.current = null
    onRange(current.now)
  }
  const answerKey = (event: KeyboardEvent<HTMLElement>, part: BrushPart) => {
    const by = brushStep(event.key, event.shiftKey, range, extent)
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    onRange(moveBrush(part, range, by, extent))
  }
  /** A press beside the window brings it there. */
  const bring = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || event.target !== event.currentTarget) return
    const at = extent.from + (event.clientX - event.currentTarget.getBoundingClientRect().left) * perPixel()
    onRange(moveBrush('window', range, at - (range.from + range.to) / 2, extent))
  }

  const slider = (part: BrushPart, label: string, at: number, valueText: string) => (
    <div
      role="slider"
      tabIndex={0}
      className={styles[part]}
      aria-label={label}
      aria-valuemin={extent.from}
      aria-valuemax={extent.to}
      aria-valuenow={at}
      aria-valuetext={valueText}
      onPointerDown={(event) => take(event, part)}
      onPointerMove={move}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onKeyDown={(event) => answerKey(event, part)}
    />
  )
  return (
    <section className={styles['strip']} aria-label="All there is">
      <div className={styles['track']} ref={strip} onPointerDown={bring}>
        <svg className={styles['curves']} viewBox="0 0 600 48" preserveAspectRatio="none" aria-hidden="true">
          {paths.map(({ colour, d }) => (
            <path key={`${colour} ${d.length}`} d={d} stroke={colour} />
          ))}
        </svg>
        {slider('window', 'Window', range.from, `${words(range.from)} to ${words(range.to)}`)}
        {slider('start', 'Start of the window', range.from, words(range.from))}
        {slider('end', 'End of the window', range.to, words(range.to))}
      </div>
    </section>
  )
}
