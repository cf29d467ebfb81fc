import { ActorTree } from '../actors/actor-tree.tsx'
import { EntryPanel } from '../entry/entry-panel.tsx'
import { Help } from '../keys/help.tsx'
import type { KeyEntry } from '../keys/key-table.ts'
import { Log } from '../log/log.tsx'
import type { LogState } from '../log/log-state.ts'
import { Boundary } from '../parts/boundary.tsx'
import { Splitter } from '../parts/splitter.tsx'
import { Tabs } from '../parts/tabs.tsx'
import type { Layout } from '../state/layout.ts'
import type { Page } from '../state/page.ts'
import { Timeline } from '../timeline/timeline.tsx'
import type { TimelineState } from '../timeline/timeline-state.ts'
import { views } from '../views/views.ts'
import { Banner } from './banner.tsx'
import { NoApp } from './no-app.tsx'
import { Notice } from './notice.tsx'
import { TopBar } from './top-bar.tsx'

export interface ShellProps {
  readonly page: Page
  readonly layout: Layout
  readonly log: LogState
  readonly timeline: TimelineState
  readonly keys: readonly KeyEntry[]
}

const parts = [
  { id: 'view', title: 'View' },
  { id: 'actors', title: 'Actors' },
  { id: 'log', title: 'Log' },
  { id: 'entry', title: 'Entry' },
] as const

/** The whole page. */
export function Shell({ page, layout, log, timeline, keys }: ShellProps) {
  const { actors, entry, log: logHeight, part } = layout
  const sizes = {
    '--actors': `${actors.value}px`,
    '--entry': `${entry.value}px`,
    '--log': `${logHeight.value}px`,
  }
  return (
    <div class={`shell part-${part.value}`} style={sizes}>
      <TopBar page={page} layout={layout} />
      <Banner page={page} />
      {page.app.value === undefined ? (
        <NoApp page={page} />
      ) : (
        <>
          <nav class="parts">
            <Tabs
              tabs={parts}
              chosen={part.value}
              onChoose={(id) => (part.value = id as typeof part.value)}
              label="Parts of the page"
              prefix="part"
            />
          </nav>
          <main class="body" id="part-panel">
            <ActorTree page={page} />
            <Splitter
              label="Width of the actors"
              pane="before"
              direction="row"
              size={actors.value}
              min={140}
              max={640}
              onSize={(size) => (actors.value = size)}
            />
            <div class="middle">
              <ViewPane page={page} />
              <Splitter
                label="Height of the event log"
                pane="after"
                direction="column"
                size={logHeight.value}
                min={96}
                max={1600}
                onSize={(size) => (logHeight.value = size)}
              />
              <Log page={page} log={log} />
            </div>
            <Splitter
              label="Width of the entry"
              pane="after"
              direction="row"
              size={entry.value}
              min={240}
              max={1200}
              onSize={(size) => (entry.value = size)}
            />
            <EntryPanel page={page} />
          </main>
          <Timeline page={page} timeline={timeline} />
        </>
      )}
      <Notice page={page} />
      <Help layout={layout} table={keys} />
    </div>
  )
}

function ViewPane({ page }: { readonly page: Page }) {
  const app = page.app.value
  const open = views.filter(({ isFor }) => app !== undefined && isFor(app))
  const view = open.find(({ id }) => id === page.view.value) ?? open[0]
  if (view === undefined) return null
  return (
    <section class="pane view" aria-label="View">
      <Tabs
        tabs={open.map(({ id, title, key }) => ({ id, title, hint: `${title} (${key})` }))}
        chosen={view.id}
        onChoose={(id) => (page.view.value = id)}
        label="Views"
        prefix="view"
      />
      <div id="view-panel" class="view-body" role="tabpanel" aria-labelledby={`view-${view.id}`}>
        <Boundary key={view.id} attempt={`${app?.id} ${page.seq.value}`}>
          <view.View page={page} />
        </Boundary>
      </div>
    </section>
  )
}
