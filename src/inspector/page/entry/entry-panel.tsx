import type { ComponentType } from 'preact'
import { Boundary } from '../parts/boundary.tsx'
import { Tabs } from '../parts/tabs.tsx'
import type { Page } from '../state/page.ts'
import { Branch } from './branch.tsx'
import { Changes } from './changes.tsx'
import { Context } from './context.tsx'
import { Effects } from './effects.tsx'
import { EntryHead } from './entry-head.tsx'
import { Payload } from './payload.tsx'
import { Why } from './why.tsx'

const parts: readonly {
  readonly id: string
  readonly title: string
  readonly Part: ComponentType<{ readonly page: Page }>
}[] = [
  { id: 'why', title: 'Why', Part: Why },
  { id: 'event', title: 'Event', Part: Payload },
  { id: 'changes', title: 'Changes', Part: Changes },
  { id: 'effects', title: 'Effects', Part: Effects },
  { id: 'context', title: 'Context', Part: Context },
  { id: 'branch', title: 'Branch', Part: Branch },
]

/** All about the chosen entry. */
export function EntryPanel({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  const canBranch = page.app.value?.features.includes('branch') === true
  const open = parts.filter(({ id }) => id !== 'branch' || canBranch)
  const { id, Part } =
    open.find(({ id }) => id === page.panel.value) ?? (parts[0] as (typeof parts)[0])
  const counts: Readonly<Record<string, number | undefined>> = {
    changes: step?.changes.length,
    effects: step && step.effects.length + step.facts.length,
  }
  const tabs = open.map(({ id, title }) => {
    const count = counts[id]
    return { id, title, ...(count === undefined ? {} : { count }) }
  })
  return (
    <section class="pane entry" aria-label="Entry">
      <EntryHead page={page} />
      <Tabs
        tabs={tabs}
        chosen={id}
        onChoose={(next) => (page.panel.value = next)}
        label="About the entry"
        prefix="entry"
      />
      <div
        id="entry-panel"
        class="scroll"
        role="tabpanel"
        tabIndex={0}
        aria-labelledby={`entry-${id}`}
      >
        <Boundary key={id} attempt={`${page.app.value?.id} ${page.seq.value}`}>
          <Part page={page} />
        </Boundary>
      </div>
    </section>
  )
}
