import type { Page } from '../../state/page.ts'
import { countText, durationText } from '../../text/time.ts'
import type { LanesState } from './lanes-state.ts'

/** What is drawn, and what is chosen of it. */
export function LanesBar({
  page,
  state,
  timeOf,
}: {
  readonly page: Page
  readonly state: LanesState
  /** Time of an entry, if it is known. */
  readonly timeOf: (seq: number) => number | undefined
}) {
  const { isIdleHidden, isFolded, range, zoom } = state
  const chosen = range.value
  const from = chosen && timeOf(chosen.from)
  const to = chosen && timeOf(chosen.to)
  const zoomTo = () => {
    zoom.value = chosen
    range.value = undefined
  }
  return (
    <div class="bar">
      <button
        type="button"
        class="toggle"
        aria-pressed={isIdleHidden.value}
        title="Draw long waits as one line, with their length"
        onClick={() => (isIdleHidden.value = !isIdleHidden.value)}
      >
        Hide idle time
      </button>
      <button
        type="button"
        class="toggle"
        aria-pressed={isFolded.value}
        title="Draw all machines as one lane: only what comes in and goes out"
        onClick={() => (isFolded.value = !isFolded.value)}
      >
        Fold machines
      </button>
      {chosen === undefined && zoom.value === undefined && <Legend />}
      <span class="grow" />
      {chosen !== undefined && (
        <>
          <span class="found" role="status">
            {countText(chosen.to - chosen.from + 1)} entries
            {from !== undefined && to !== undefined && `, ${durationText(to - from)}`}
          </span>
          <button type="button" title="Show only these (Enter)" onClick={zoomTo}>
            Zoom
          </button>
          <button type="button" class="quiet" onClick={() => (range.value = undefined)}>
            Clear
          </button>
        </>
      )}
      {chosen === undefined && zoom.value !== undefined && (
        <button
          type="button"
          onClick={() => {
            zoom.value = undefined
            page.go(page.seq.value)
          }}
        >
          Show all entries
        </button>
      )}
    </div>
  )
}

const kinds = [
  ['event', 'event'],
  ['sent', 'sent'],
  ['effect', 'effect'],
  ['fact', 'fact'],
  ['timer', 'timer'],
] as const

function Legend() {
  return (
    <ul class="legend" aria-label="Kinds of arrows">
      {kinds.map(([kind, text]) => (
        <li key={kind} class={kind}>
          {text}
        </li>
      ))}
    </ul>
  )
}
