import { useRef } from 'preact/hooks'
import { useSize } from '../../parts/use-size.ts'
import { goToTime } from '../../state/moves.ts'
import type { Page } from '../../state/page.ts'
import { clockText } from '../../text/time.ts'
import { momentAt, placeOf, ticksOf, type TimeWindow } from './time-axis.ts'

/** The times above the rows. A click goes to a time. */
export function TaskAxis({
  page,
  window,
  now,
}: {
  readonly page: Page
  readonly window: TimeWindow
  readonly now: number
}) {
  const line = useRef<HTMLDivElement>(null)
  const { width } = useSize(line)
  const isShort = window.to - window.from < 10_000
  const go = (event: MouseEvent & { readonly currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const clicked = (event.clientX - left) / Math.max(1, width)
    void goToTime(page, momentAt(clicked, window))
  }
  const place = placeOf(now, window)
  return (
    <div class="task-axis">
      <div class="time-line" ref={line} onClick={go}>
        {ticksOf(window, Math.floor(width / 110)).map((tick) => (
          <span key={tick} style={{ left: `${placeOf(tick, window) * 100}%` }}>
            {isShort ? clockText(tick) : clockText(tick).slice(0, 8)}
          </span>
        ))}
        {place >= 0 && place <= 1 && <i class="moment" style={{ left: `${place * 100}%` }} />}
      </div>
    </div>
  )
}
