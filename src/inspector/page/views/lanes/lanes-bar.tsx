import type { Arrow } from '../../../protocol/questions.ts'
import { Toggle } from '../../parts/toggle.tsx'
import type { Page } from '../../state/page.ts'
import { countText } from '../../text/figures.ts'
import { durationText } from '../../text/time.ts'
import type { LanesState } from './lanes-state.ts'

/** What is drawn, and what is chosen of it. */
export function LanesBar({
  page,
  state,
  isFolded,
  timeOf,
}: {
  readonly page: Page
  readonly state: LanesState
  readonly isFolded: boolean
  /** Time of an entry, if it is known. */
  readonly timeOf: (seq: number) => number | undefined
}) {
  const { isIdleHidden, range, zoom } = state
  const chosen = range.value
  const from = chosen && timeOf(chosen.from)
  const to = chosen && timeOf(chosen.to)
  const zoomTo = () => {
    zoom.value = chosen
    range.value = undefined
  }
  return (
    <div class="bar">
      <Toggle
        isOn={isIdleHidden.value}
        hint="Draw long waits as one line, with their length"
        onToggle={(isOn) => (isIdleHidden.value = isOn)}
      >
        Hide idle time
      </Toggle>
      <Toggle
        isOn={isFolded}
        hint="Draw all machines as one lane: only what comes in and goes out"
        onToggle={(isOn) => (state.isFolded.value = isOn)}
      >
        Fold machines
      </Toggle>
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

const kinds: readonly Arrow['kind'][] = ['event', 'sent', 'effect', 'fact', 'timer']

function Legend() {
  return (
    <ul class="legend" aria-label="Kinds of arrows">
      {kinds.map((kind) => (
        <li key={kind} class={kind}>
          {kind}
        </li>
      ))}
    </ul>
  )
}
