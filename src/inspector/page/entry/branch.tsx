import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Chart } from '../../protocol/chart.ts'
import type { Draft, Page } from '../state/page.ts'
import { tell } from '../state/moves.ts'
import { handledTypes, readEvent } from './branch-event.ts'

/** Sends an event to a copy of the run. */
export function Branch({ page }: { readonly page: Page }) {
  const { type, payload } = page.draft.value
  const set = (change: Partial<Draft>) => (page.draft.value = { ...page.draft.value, ...change })
  const error = useSignal<string>()
  const types = useTypes(page)
  const branch = page.branch.value
  const send = async () => {
    const read = readEvent(type, payload)
    error.value = 'wrong' in read ? read.wrong : undefined
    const app = page.app.value?.id
    if ('wrong' in read || app === undefined) return
    const { event } = read
    const seq = page.seq.value
    const answer = await tell(page, page.askApp('branch', { seq, event }))
    if (answer === undefined || page.seq.value !== seq) return
    page.branch.value = { app, seq, event, ...answer }
  }
  return (
    <form
      class="branch-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <p class="hint">
        Sends an event to a copy of the run as it was after entry #{page.seq}. Nothing is performed,
        nothing is kept.
      </p>
      <label>
        Event
        <input
          class="field"
          required
          list="branch-types"
          maxLength={500}
          placeholder={types[0] ?? 'type'}
          value={type}
          onInput={(event) => set({ type: event.currentTarget.value })}
        />
      </label>
      <datalist id="branch-types">
        {types.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <div class="chips">
        {types.slice(0, 24).map((each) => (
          <button key={each} type="button" class="chip" onClick={() => set({ type: each })}>
            {each}
          </button>
        ))}
      </div>
      <label>
        Payload, as JSON
        <textarea
          class="field"
          rows={4}
          spellcheck={false}
          aria-invalid={error.value !== undefined}
          value={payload}
          onInput={(event) => set({ payload: event.currentTarget.value })}
        />
      </label>
      {error.value !== undefined && (
        <p class="box bad" role="alert">
          {error}
        </p>
      )}
      <div class="buttons">
        <button type="submit" class="primary">
          Send to a copy
        </button>
        {branch !== undefined && (
          <button type="button" onClick={() => (page.branch.value = undefined)}>
            Discard the branch
          </button>
        )}
      </div>
      {branch !== undefined && (
        <p class="hint" role="status">
          The page shows the copy after <code>{branch.event.type}</code>: its states in the tree,
          its reasons under Why.
        </p>
      )}
    </form>
  )
}

/** Types of events that an active state of a machine has a handler for; those of the root first. */
function useTypes(page: Page): readonly string[] {
  const types = useSignal<readonly string[]>([])
  const actors = page.moment.value.value?.actors
  const charts = useMemo(() => rememberCharts(page), [page, page.app.value?.id])
  useEffect(() => {
    let isCurrent = true
    const states = actors?.flatMap((actor) => actor.states) ?? []
    const ids = [...new Set(actors?.flatMap(({ chart }) => chart ?? []))]
    const collect = async () => {
      const found = new Set<string>()
      for (const id of ids.slice(0, maxCharts)) {
        const chart = await charts(id)
        if (!isCurrent) return
        for (const type of chart === undefined ? [] : handledTypes(chart, states)) found.add(type)
        types.value = [...found]
      }
    }
    void collect()
    return () => {
      isCurrent = false
    }
  }, [actors, charts])
  return types.value
}

/** Machines whose charts are asked for. */
const maxCharts = 24

/** Charts by id, each asked for once: a server draws what it is asked for. */
function rememberCharts(page: Page): (id: string) => Promise<Chart | undefined> {
  const charts = new Map<string, Promise<Chart | undefined>>()
  return (id) => {
    const known = charts.get(id)
    if (known !== undefined) return known
    const chart = page.askApp('chart', { chart: id }).catch(() => undefined)
    charts.set(id, chart)
    return chart
  }
}
