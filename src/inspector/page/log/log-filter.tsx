import { useComputed } from '@preact/signals'
import type { Filter } from '../../protocol/questions.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Toggle } from '../parts/toggle.tsx'
import { maxFilterLength } from '../state/address.ts'
import type { Page } from '../state/page.ts'
import { countText } from '../text/figures.ts'
import { indexFrom, isEmpty, type LogState } from './log-state.ts'

/** What is looked for, and how much of it there is. */
export function LogFilter({ page, log }: { readonly page: Page; readonly log: LogState }) {
  const filter = page.filter.value
  const actors = useComputed(() => (page.moment.value.value?.actors ?? []).slice(0, 500))
  const set = (change: Partial<Filter>) => (page.filter.value = { ...filter, ...change })
  const error = log.answer.value.error
  return (
    <form
      class="bar"
      role="search"
      aria-label="Filter of the event log"
      onSubmit={(event) => {
        event.preventDefault()
        log.goToFound(1)
      }}
    >
      <label class="field grow">
        <Icon name="search" />
        <input
          id="log-search"
          type="search"
          placeholder="Filter events"
          aria-label="Filter events"
          aria-invalid={error !== undefined}
          maxLength={maxFilterLength}
          value={filter.text ?? ''}
          onInput={(event) => set({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && event.shiftKey) {
              event.preventDefault()
              log.goToFound(-1)
            }
          }}
        />
        <Toggle
          name="Regular expression"
          isOn={filter.isRegex === true}
          onToggle={(isRegex) => set({ isRegex })}
        >
          .*
        </Toggle>
      </label>
      <input
        class="field"
        list="log-actors"
        placeholder="Actor"
        aria-label="Actor"
        maxLength={maxFilterLength}
        value={filter.actor ?? ''}
        onInput={(event) => set({ actor: event.currentTarget.value })}
      />
      <datalist id="log-actors">
        {actors.value.map(({ id }) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <input
        class="field"
        placeholder="Type"
        aria-label="Type of event"
        maxLength={maxFilterLength}
        value={filter.type ?? ''}
        onInput={(event) => set({ type: event.currentTarget.value })}
      />
      <Toggle
        hint="Failed or rejected entries only"
        isOn={filter.failedOnly === true}
        onToggle={(failedOnly) => set({ failedOnly })}
      >
        Failed
      </Toggle>
      {!isEmpty(filter) && <Found page={page} log={log} />}
    </form>
  )
}

function Found({ page, log }: { readonly page: Page; readonly log: LogState }) {
  const { value, error } = log.answer.value
  const found = log.found.value ?? []
  const at = indexFrom(found, page.seq.value + 1)
  const total = `${countText(found.length)}${value?.isCut === true ? '+' : ''}`
  return (
    <div class="found">
      <span class={error === undefined ? 'grow' : 'grow bad'} role="status">
        {error?.message ?? (value === undefined ? 'Searching …' : `${countText(at)} of ${total}`)}
      </span>
      <IconButton
        icon="previous"
        label="Previous match"
        hint="Previous match (N)"
        onClick={() => log.goToFound(-1)}
      />
      <button type="submit" class="quiet" title="Next match (n)" aria-label="Next match">
        <Icon name="next" />
      </button>
      <Toggle
        hint="Hide entries that do not match"
        isOn={log.isOnlyFound.value}
        onToggle={(isOnly) => (log.isOnlyFound.value = isOnly)}
      >
        Only these
      </Toggle>
      <IconButton icon="close" label="Clear the filter" onClick={() => (page.filter.value = {})} />
    </div>
  )
}
