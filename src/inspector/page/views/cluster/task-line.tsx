import { clockText, durationText } from '../../text/time.ts'
import type { TaskRow } from './task-rows.ts'
import { kindOf, stateText } from './task-state.ts'
import { placeOf, spanPlace, type TimeWindow } from './time-axis.ts'

/** One task: its name, its host, its state now, and its states over time. */
export function TaskLine({
  row,
  window,
  now,
}: {
  readonly row: TaskRow
  readonly window: TimeWindow
  readonly now: number
}) {
  const { name, host, state, spans } = row
  const place = placeOf(now, window)
  return (
    <>
      <span class="name" title={row.id}>
        {name}
      </span>
      <span class="task-host">{host}</span>
      <span class={`state ${state === undefined ? 'waiting' : kindOf(state)}`}>
        {state === undefined ? 'to come' : stateText(state)}
      </span>
      <span class="time-line" aria-hidden="true">
        {spans.map((span, index) => {
          const placed = spanPlace(span, window)
          if (placed === undefined) return null
          const isEnd = index === spans.length - 1 && span.to === span.from
          return (
            <i
              key={index}
              class={`span ${kindOf(span.state)}${isEnd ? ' end' : ''}`}
              style={{ left: `${placed.left * 100}%`, width: `${placed.width * 100}%` }}
              title={hintOf(span)}
            />
          )
        })}
        {place >= 0 && place <= 1 && <i class="moment" style={{ left: `${place * 100}%` }} />}
      </span>
    </>
  )
}

function hintOf({ state, from, to }: TaskRow['spans'][number]): string {
  const length = to === undefined || to === from ? '' : `, ${durationText(to - from)}`
  return `${state} at ${clockText(from)}${length}`
}
