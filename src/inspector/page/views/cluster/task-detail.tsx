import { SureButton } from '../../parts/sure-button.tsx'
import { canControl, control } from '../../state/control.ts'
import type { Page } from '../../state/page.ts'
import { clockText } from '../../text/time.ts'
import type { TaskRow } from './task-rows.ts'
import { kindOf, stateText } from './task-state.ts'

function kill(page: Page, taskId: string): Promise<boolean> {
  return control(page, { kind: 'kill', taskId }, `The framework was told to kill ${taskId}.`)
}

/** The chosen task in a few lines, with ways to its entries and its files. */
export function TaskDetail({
  page,
  row,
}: {
  readonly page: Page
  readonly row: TaskRow | undefined
}) {
  if (row === undefined) return null
  const { id, name, host, state, spans, at } = row
  const hasFiles = page.app.value?.features.includes('sandbox') === true
  return (
    <section class="task-detail" aria-label={`Task ${name}`}>
      <header>
        <h2>{name}</h2>
        {state !== undefined && <span class={`state ${kindOf(state)}`}>{stateText(state)}</span>}
        {name !== id && <code>{id}</code>}
        <span class="dim">{host}</span>
        {at?.executor !== undefined && <span class="dim">executor {at.executor}</span>}
        <span class="grow" />
        {at?.isEnd === false && canControl(page) && (
          <SureButton key={id} label="Kill" sure="Kill it?" onClick={() => void kill(page, id)} />
        )}
        {hasFiles && (
          <button type="button" onClick={() => (page.view.value = 'sandbox')}>
            Sandbox
          </button>
        )}
        <button type="button" onClick={() => (page.filter.value = { text: id })}>
          Entries
        </button>
      </header>
      {at?.message !== undefined && <p class={at.isFailure ? 'bad' : 'dim'}>{at.message}</p>}
      <ol class="steps">
        {spans.slice(-12).map((span, index) => (
          <li key={index}>
            <span class={`state ${kindOf(span.state)}`}>{stateText(span.state)}</span>
            <span class="dim">{clockText(span.from)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
