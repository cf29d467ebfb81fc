import { useComputed, useSignal } from '@preact/signals'
import type { ActorAt } from '../../protocol/questions.ts'
import { meaningOf } from '../parts/focus-keys.ts'
import { Icon } from '../parts/icon.tsx'
import { hasModifier } from '../parts/modifiers.ts'
import { Toggle } from '../parts/toggle.tsx'
import { VirtualList } from '../parts/virtual-list.tsx'
import type { Page } from '../state/page.ts'
import { countText } from '../text/figures.ts'
import { actorRows, type ActorRow } from './actor-rows.ts'
import { treeKeys } from './tree-keys.ts'

const none: readonly ActorAt[] = []

/** All actors of the moment, each with its state. */
export function ActorTree({ page }: { readonly page: Page }) {
  const filter = useSignal('')
  const closed = useSignal<ReadonlySet<string>>(new Set())
  const actors = useComputed(() => page.shown.value?.actors ?? none)
  const rows = useComputed(() => actorRows(actors.value, closed.value, filter.value.trim()))
  const chosen = rows.value.findIndex(({ actor }) => actor.id === page.actor.value)

  const toggle = (id: string) => {
    const next = new Set(closed.value)
    if (!next.delete(id)) next.add(id)
    closed.value = next
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (hasModifier(event)) return
    const move = meaningOf(treeKeys, event.key)?.(rows.value, chosen)
    if (move === undefined) return
    event.preventDefault()
    if ('toggle' in move) toggle(move.toggle)
    else page.actor.value = rows.value[move.choose]?.actor.id
  }
  return (
    <section class="pane actors" aria-label="Actors">
      <div class="bar">
        <label class="field grow">
          <Icon name="search" />
          <input
            id="actor-search"
            type="search"
            placeholder="Filter actors"
            aria-label="Filter actors"
            maxLength={500}
            value={filter}
            onInput={(event) => (filter.value = event.currentTarget.value)}
          />
        </label>
        <span class="dim">{countText(actors.value.length)}</span>
        <OwnEvents page={page} />
      </div>
      <VirtualList
        id="actor"
        count={rows.value.length}
        rowHeight={24}
        chosen={chosen}
        attributes={{ role: 'tree', 'aria-label': 'Actors', onKeyDown }}
        row={(index) => {
          const row = rows.value[index] as ActorRow
          return {
            attributes: {
              role: 'treeitem',
              class: `row actor-row ${row.actor.status}`,
              'aria-level': row.level,
              'aria-posinset': row.place,
              'aria-setsize': row.siblings,
              'aria-selected': index === chosen,
              ...(row.hasChildren ? { 'aria-expanded': row.isOpen } : {}),
              onClick: () => (page.actor.value = row.actor.id),
            },
            children: <ActorLine row={row} onToggle={() => toggle(row.actor.id)} />,
          }
        }}
      />
      {rows.value.length === 0 && <p class="empty">{emptyText(page, actors.value)}</p>}
    </section>
  )
}

function emptyText(page: Page, actors: readonly ActorAt[]): string {
  if (actors.length > 0) return 'No actor matches.'
  const { value, error } = page.moment.value
  return error?.message ?? (value === undefined ? 'Replaying up to this moment …' : 'No actor yet.')
}

/** Shows nothing but the chosen actor's events in the log. */
function OwnEvents({ page }: { readonly page: Page }) {
  const id = page.actor.value
  if (id === undefined) return null
  const isOn = page.filter.value.actor === id
  const toggle = (isWanted: boolean) => {
    const { actor: _, ...others } = page.filter.value
    page.filter.value = isWanted ? { ...others, actor: id } : others
  }
  return (
    <Toggle name="Only events of this actor in the log" isOn={isOn} onToggle={toggle}>
      <Icon name="filter" />
    </Toggle>
  )
}

function ActorLine({ row, onToggle }: { readonly row: ActorRow; readonly onToggle: () => void }) {
  const { actor, level, hasChildren, isOpen } = row
  return (
    <>
      <span class="indent" style={{ width: `${Math.min(level - 1, 12) * 12}px` }} />
      <span
        class="twist"
        onClick={(event) => {
          if (!hasChildren) return
          event.stopPropagation()
          onToggle()
        }}
      >
        {hasChildren && <Icon name={isOpen ? 'open' : 'closed'} />}
      </span>
      <span class="name" title={actor.id}>
        {actor.name}
      </span>
      <span class="state" title={actor.state}>
        {actor.status === 'active' ? actor.state : actor.state || actor.status}
      </span>
    </>
  )
}
