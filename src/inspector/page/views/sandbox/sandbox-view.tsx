import { signal, useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { Icon } from '../../parts/icon.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { useSize } from '../../parts/use-size.ts'
import { useAnswer } from '../../state/answers.ts'
import type { Page } from '../../state/page.ts'
import { chosenTask } from '../cluster/chosen-task.ts'
import { FilePane } from './file-pane.tsx'

const search = signal('')
const isFollowing = signal(true)
const file = signal<'stdout' | 'stderr'>('stdout')

/** Files are side by side from this width on. Pixels. */
const wideView = 900
const maxTasks = 2000

/** What a task writes. */
export function SandboxView({ page }: { readonly page: Page }) {
  const box = useRef<HTMLDivElement>(null)
  const isWide = useSize(box).width >= wideView
  const taskId = chosenTask.value
  const files = isWide ? (['stdout', 'stderr'] as const) : [file.value]
  return (
    <div class="sandbox" ref={box}>
      <div class="bar">
        <TaskChoice page={page} />
        {!isWide && (
          <div role="group" aria-label="File">
            {(['stdout', 'stderr'] as const).map((name) => (
              <Toggle key={name} isOn={file.value === name} onToggle={() => (file.value = name)}>
                {name}
              </Toggle>
            ))}
          </div>
        )}
        <label class="field grow">
          <Icon name="search" />
          <input
            type="search"
            placeholder="Search"
            aria-label="Search the files"
            maxLength={200}
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value
              if (search.value !== '') isFollowing.value = false
            }}
          />
        </label>
        <Toggle isOn={isFollowing.value} onToggle={(isOn) => (isFollowing.value = isOn)}>
          Follow the end
        </Toggle>
      </div>
      {taskId === undefined ? (
        <p class="empty">Choose a task, here or in the cluster.</p>
      ) : (
        <div class="files">
          {files.map((name) => (
            <FilePane
              key={`${taskId} ${name}`}
              page={page}
              taskId={taskId}
              file={name}
              search={search.value}
              isFollowing={isFollowing}
            />
          ))}
        </div>
      )}
    </div>
  )
}

/** The tasks of the moment, by id. */
function TaskChoice({ page }: { readonly page: Page }) {
  const app = page.app.value
  const question = app && { app: app.id, params: { seq: page.seq.value } }
  const tasks = useAnswer(page.ask, 'cluster', question).value?.tasks ?? []
  // A live run draws this again with every entry, while somebody types.
  const typed = useSignal<string | undefined>(undefined)
  return (
    <>
      <input
        class="field"
        list="sandbox-tasks"
        placeholder="Task"
        aria-label="Task"
        maxLength={500}
        value={typed.value ?? chosenTask.value ?? ''}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onChange={(event) => {
          const { value } = event.currentTarget
          typed.value = undefined
          chosenTask.value = value === '' ? undefined : value
        }}
      />
      <datalist id="sandbox-tasks">
        {tasks.slice(0, maxTasks).map(({ id, name, state }) => (
          <option key={id} value={id}>
            {name} {state}
          </option>
        ))}
      </datalist>
    </>
  )
}
