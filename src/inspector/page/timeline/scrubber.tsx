import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { Bucket } from '../../protocol/questions.ts'
import { meaningOf } from '../parts/focus-keys.ts'
import { hasModifier } from '../parts/modifiers.ts'
import { useSize } from '../parts/use-size.ts'
import { useAnswer } from '../state/answers.ts'
import type { Page } from '../state/page.ts'
import { roundOf } from '../state/round.ts'
import { countText } from '../text/figures.ts'
import { clockText, durationText } from '../text/time.ts'
import { createScale, type Scale, type ScaleBar } from './scale.ts'
import { sliderKeys } from './slider-keys.ts'
import type { TimelineState } from './timeline-state.ts'

const height = 32
const stripHeight = 8
const noBuckets: readonly Bucket[] = []

/** The whole run as a line, with the chosen moment on it. */
export function Scrubber({
  page,
  timeline,
}: {
  readonly page: Page
  readonly timeline: TimelineState
}) {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const app = page.app.value
  const by = timeline.by.value
  // Wider than a pixel each, and the same for a window that is a bit wider.
  const count = Math.max(50, Math.min(1000, Math.floor(width / 150) * 50))
  const question =
    app && width > 0 ? { app: app.id, params: { count, by }, round: roundOf(app) } : undefined
  const buckets = useAnswer(page.ask, 'buckets', question).value ?? noBuckets
  const lastSeq = app?.lastSeq ?? 0
  const isCompressed = by === 'time' && timeline.isCompressed.value
  const scale = useMemo(
    () => createScale(buckets, lastSeq, isCompressed),
    [buckets, lastSeq, isCompressed],
  )
  const seq = page.seq.value
  const x = scale.xOf(seq)

  const placeOf = (event: PointerEvent): number => {
    const place = box.current?.getBoundingClientRect()
    if (place === undefined || place.width === 0) return 0
    return Math.max(0, Math.min(1, (event.clientX - place.left) / place.width))
  }
  const pointed = useSignal<number>()
  const isHeld = useRef(false)
  const now = page.moment.value.value?.now
  return (
    <div
      class="scrubber"
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label="Moment of the run"
      aria-valuemin={app?.firstSeq ?? 0}
      aria-valuemax={lastSeq}
      aria-valuenow={seq}
      aria-valuetext={`Entry ${seq}${now === undefined ? '' : `, ${clockText(now)}`}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        isHeld.current = true
        page.go(scale.seqAt(placeOf(event)))
      }}
      onPointerMove={(event) => {
        pointed.value = placeOf(event)
        if (isHeld.current) page.go(scale.seqAt(pointed.value))
      }}
      onLostPointerCapture={() => (isHeld.current = false)}
      onPointerLeave={() => (pointed.value = undefined)}
      onKeyDown={(event) => {
        const step = meaningOf(sliderKeys, event.key)?.(lastSeq)
        if (step === undefined || hasModifier(event)) return
        event.preventDefault()
        page.go(seq + step)
      }}
    >
      <Bars scale={scale} width={width} />
      <div class="past" style={{ width: `${x * 100}%` }} />
      <div class="needle" style={{ left: `${x * 100}%` }} />
      {scale.gaps.map((gap) => (
        <div
          key={gap.x}
          class="gap"
          style={{ left: `${gap.x * 100}%`, width: `${gap.width * 100}%` }}
          title={`${durationText(gap.ms)} without an entry`}
        />
      ))}
      <Hover scale={scale} pointed={pointed} />
    </div>
  )
}

/** Bars of all entries; below them, strips where entries failed or were rejected. */
function Bars({ scale, width }: { readonly scale: Scale; readonly width: number }) {
  const paths = useMemo(() => {
    const { bars } = scale
    const highest = Math.max(1, ...bars.map(({ bucket }) => bucket.count))
    const strip = (count: number) => (count > 0 ? stripHeight : 0)
    return {
      all: pathOf(bars, width, ({ count }) =>
        Math.max(2, Math.sqrt(count / highest) * (height - 8)),
      ),
      failed: pathOf(bars, width, ({ failed }) => strip(failed)),
      rejected: pathOf(bars, width, ({ rejected }) => strip(rejected)),
    }
  }, [scale, width])
  return (
    <svg class="bars" viewBox={`0 0 ${Math.max(1, width)} ${height}`} aria-hidden="true">
      {Object.entries(paths).map(([kind, path]) => (
        <path key={kind} class={kind} d={path} />
      ))}
    </svg>
  )
}

function pathOf(
  bars: readonly ScaleBar[],
  width: number,
  tallOf: (bucket: Bucket) => number,
): string {
  return bars
    .map((bar) => {
      const tall = tallOf(bar.bucket)
      if (tall === 0) return ''
      // A wide bar ends before the next one begins.
      const wide = Math.max(1.5, bar.width * width - (bar.width * width > 6 ? 1 : 0))
      return `M${round(bar.x * width)} ${height}v${-round(tall)}h${round(wide)}v${round(tall)}z`
    })
    .join('')
}

/** What is under the pointer. It alone is drawn again when the pointer moves. */
function Hover({
  scale,
  pointed,
}: {
  readonly scale: Scale
  readonly pointed: ReadonlySignal<number | undefined>
}) {
  const x = pointed.value
  if (x === undefined) return null
  const bar = scale.bars.findLast((each) => each.x <= x)
  if (bar === undefined) return null
  const { failed, rejected, fromNow } = bar.bucket
  return (
    <div class={x > 0.5 ? 'hover left' : 'hover'} style={{ left: `${x * 100}%` }}>
      #{countText(scale.seqAt(x))} · {clockText(fromNow)}
      {failed > 0 && <span class="bad"> · {failed} failed</span>}
      {rejected > 0 && <span class="warn"> · {rejected} rejected</span>}
    </div>
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
