import type { ComponentChildren } from 'preact'
import { meaningOf } from './focus-keys.ts'
import { tabKeys } from './tab-keys.ts'

export interface Tab {
  readonly id: string
  readonly title: string
  /** A number beside the title. */
  readonly count?: number
  readonly hint?: string
}

/** A row of tabs; `tabKeys` choose among them. The panel has the id `PREFIX-panel`. */
export function Tabs({
  tabs,
  chosen,
  onChoose,
  label,
  prefix,
  children,
}: {
  readonly tabs: readonly Tab[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
  readonly label: string
  readonly prefix: string
  /** Beside the tabs. */
  readonly children?: ComponentChildren
}) {
  const move = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    const at = tabs.findIndex(({ id }) => id === chosen)
    const next = tabs[meaningOf(tabKeys, event.key)?.(at, tabs.length) ?? -1]
    if (next === undefined) return
    event.preventDefault()
    onChoose(next.id)
    document.getElementById(`${prefix}-${next.id}`)?.focus()
  }
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ id, title, count, hint }) => (
          <button
            key={id}
            id={`${prefix}-${id}`}
            role="tab"
            type="button"
            title={hint}
            aria-selected={id === chosen}
            aria-controls={`${prefix}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => onChoose(id)}
          >
            {title}
            {count !== undefined && count > 0 && <span class="count">{count}</span>}
          </button>
        ))}
      </div>
      {children}
    </div>
  )
}
