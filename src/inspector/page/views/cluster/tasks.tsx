import { signal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import type { ClusterAt } from '../../../protocol/lens-views.ts'
import { Icon } from '../../parts/icon.tsx'
import { meaningOf } from '../../parts/focus-keys.ts'
import { hasModifier } from '../../parts/modifiers.ts'
import { VirtualList } from '../../parts/virtual-list.tsx'
import type { Page } from '../../state/page.ts'
import { countText } from '../../text/figures.ts'
import { chosenTask } from './chosen-task.ts'
import { TaskAxis } from './task-axis.tsx'
import { TaskDetail } from './task-detail.tsx'
import { TaskLine } from './task-line.tsx'
import { filterTasks, taskRows, type TaskFilter } from './task-rows.ts'
import { kindOf, stateText } from './task-state.ts'
import { zoom, type TimeWindow } from './time-axis.ts'
import type { AllTasks } from './use-tasks.ts'
import { taskKeys } from './task-keys.ts'

const filter = signal<TaskFilter>({ text: '', state: undefined })
const rowHeight = 26

/** A row for each task of the run, with its states over time. */
export function Tasks({
  page,
  cluster,
  all,
}: {
  readonly page: Page
  readonly cluster: ClusterAt | undefined
  readonly all: AllTasks | undefined
}) {
  const app = page.app.value
  const now = page.moment.value.value?.now ?? app?.now ?? 0
  const whole = {
    from: app?.startedAt ?? 0,
    to: Math.max(app?.now ?? 0, (app?.startedAt ?? 0) + 10),
  }
  const [zoomed, setZoomed] = useState<TimeWindow>()
  const window = zoomed ?? whole
  const rows = useMemo(() => taskRows(all?.tasks ?? [], cluster, now), [all, cluster, now])
  const shown = useMemo(() => filterTasks(rows, filter.value), [rows, filter.value])
  const chosen = shown.findIndex(({ id }) => id === chosenTask.value)
  const choose = (index: number) => {
    const id = shown[Math.max(0, Math.min(index, shown.length - 1))]?.id
    if (id === undefined) return
    chosenTask.value = id
    page.filter.value = { text: id }
  }
  const zoomBy = (factor: number) => {
    const next = zoom(window, factor, now, whole)
    setZoomed(next.from === whole.from && next.to === whole.to ? undefined : next)
  }
  if (all === undefined) return <p class="empty">Reading the tasks …</p>
  return (
    <>
      <TaskBar cluster={cluster} onZoom={zoomBy} />
      <TaskAxis page={page} window={window} now={now} />
      <VirtualList
        id="task"
        count={shown.length}
        rowHeight={rowHeight}
        chosen={chosen}
        attributes={{
          role: 'listbox',
          'aria-label': `Tasks, ${countText(shown.length)}`,
          onKeyDown: (event) => {
            const by = meaningOf(taskKeys, event.key)?.(shown.length)
            if (by === undefined || hasModifier(event)) return
            event.preventDefault()
            choose(chosen + by)
          },
        }}
        row={(index) => {
          const row = shown[index]
          return {
            attributes: {
              role: 'option',
              class: row?.state === undefined ? 'row task later' : 'row task',
              'aria-selected': index === chosen,
              'aria-posinset': index + 1,
              'aria-setsize': shown.length,
              onClick: () => choose(index),
            },
            children: row && <TaskLine row={row} window={window} now={now} />,
          }
        }}
      />
      {shown.length === 0 && (
        <p class="empty">{all.total === 0 ? 'No task yet.' : 'No task matches.'}</p>
      )}
      {all.total > all.tasks.length && (
        <p class="empty">
          The first {countText(all.tasks.length)} of {countText(all.total)} tasks
        </p>
      )}
      <TaskDetail page={page} row={shown[chosen]} />
    </>
  )
}

function TaskBar({
  cluster,
  onZoom,
}: {
  readonly cluster: ClusterAt | undefined
  readonly onZoom: (factor: number) => void
}) {
  const { text, state } = filter.value
  const counts = Object.entries(cluster?.counts ?? {})
  return (
    <div class="bar">
      <label class="field">
        <Icon name="search" />
        <input
          type="search"
          placeholder="Task or host"
          aria-label="Filter tasks"
          maxLength={200}
          value={text}
          onInput={(event) => (filter.value = { ...filter.value, text: event.currentTarget.value })}
        />
      </label>
      <div class="states" role="group" aria-label="States at this moment">
        {counts.map(([name, count]) => (
          <button
            key={name}
            type="button"
            class={`state ${kindOf(name)}`}
            aria-pressed={state === name}
            title={name}
            onClick={() =>
              (filter.value = { ...filter.value, state: state === name ? undefined : name })
            }
          >
            {stateText(name)} <b>{countText(count)}</b>
          </button>
        ))}
      </div>
      <span class="grow" />
      <button
        type="button"
        class="quiet"
        title="Less time"
        aria-label="Less time"
        onClick={() => onZoom(0.5)}
      >
        +
      </button>
      <button
        type="button"
        class="quiet"
        title="More time"
        aria-label="More time"
        onClick={() => onZoom(2)}
      >
        −
      </button>
    </div>
  )
}
