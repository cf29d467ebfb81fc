import { signal } from '@preact/signals'
import { Tabs } from '../../parts/tabs.tsx'
import { useAnswer } from '../../state/answers.ts'
import type { Page } from '../../state/page.ts'
import { Hosts } from './hosts.tsx'
import { Offers } from './offers.tsx'
import { Tasks } from './tasks.tsx'
import { useTasks } from './use-tasks.ts'

const part = signal('tasks')

/** Tasks over time, hosts with their executors, and offers held at the moment. */
export function ClusterView({ page }: { readonly page: Page }) {
  const app = page.app.value
  const question = app && { app: app.id, params: { seq: page.seq.value } }
  const { value, error } = useAnswer(page.ask, 'cluster', question)
  const all = useTasks(page)
  const chosen = part.value
  if (error !== undefined) return <p class="empty bad">{error.message}</p>
  return (
    <div class="cluster">
      <Tabs
        tabs={[
          { id: 'tasks', title: 'Tasks', count: all?.total ?? 0 },
          { id: 'hosts', title: 'Hosts', count: value?.agents.length ?? 0 },
          { id: 'offers', title: 'Offers held', count: value?.offers.length ?? 0 },
        ]}
        chosen={chosen}
        onChoose={(id) => (part.value = id)}
        label="Parts of the cluster"
        prefix="cluster"
      />
      <div
        class="cluster-part"
        id="cluster-panel"
        role="tabpanel"
        aria-labelledby={`cluster-${chosen}`}
      >
        {chosen === 'tasks' && <Tasks page={page} cluster={value} all={all} />}
        {chosen === 'hosts' && <Hosts cluster={value} />}
        {chosen === 'offers' && <Offers page={page} cluster={value} />}
      </div>
    </div>
  )
}
