import { useEffect, useRef } from 'preact/hooks'
import { treeKeys } from '../actors/tree-keys.ts'
import { logKeys } from '../log/log-keys.ts'
import type { Layout } from '../state/layout.ts'
import { sliderKeys } from '../timeline/slider-keys.ts'
import { taskKeys } from '../views/cluster/task-keys.ts'
import { canvasKeys } from '../views/statechart/canvas-keys.ts'
import { laneKeys } from '../views/lanes/lane-keys.ts'
import type { FocusKeys } from '../parts/focus-keys.ts'
import { keepFocus } from '../parts/keep-focus.ts'
import { splitterKeys } from '../parts/splitter-keys.ts'
import { tabKeys } from '../parts/tab-keys.ts'
import { keyText, type KeyEntry } from './key-table.ts'

const groups = ['Time', 'Jump', 'Find', 'Page'] as const

const places: readonly (readonly [place: string, table: readonly FocusKeys<unknown>[]])[] = [
  ['Focus on the statechart', canvasKeys],
  ['Focus on the sequence', laneKeys],
  ['Focus on the tasks', taskKeys],
  ['Focus on the log', logKeys],
  ['Focus on the actors', treeKeys],
  ['Focus on the timeline', sliderKeys],
  ['Focus on a row of tabs', tabKeys],
  ['Focus on a line between panes', splitterKeys],
]

/** The keys, in a dialog. */
export function Help({
  layout,
  table,
}: {
  readonly layout: Layout
  readonly table: readonly KeyEntry[]
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = layout.isHelpOpen.value
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  const close = () => (layout.isHelpOpen.value = false)
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
      onKeyDown={(event) => {
        if (event.key === '?') close()
        keepFocus(event)
      }}
    >
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </header>
      <div class="groups">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <Keys table={table.filter((entry) => entry.group === group)} />
          </section>
        ))}
        {places.map(([place, own]) => (
          <section key={place}>
            <h3>{place}</h3>
            <Keys table={own.map(({ text, keys }) => ({ text, keys: Object.keys(keys) }))} />
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={layout.hasKeys.value}
          onChange={(event) => (layout.hasKeys.value = event.currentTarget.checked)}
        />
        Keys are on
      </label>
    </dialog>
  )
}

function Keys({ table }: { readonly table: readonly Pick<KeyEntry, 'keys' | 'text'>[] }) {
  return (
    <dl>
      {table.map(({ keys, text }) => (
        <div key={text}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{keyText(key)}</kbd>
            ))}
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}
