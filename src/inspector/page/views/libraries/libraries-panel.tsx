import { useState } from 'preact/hooks'
import type { LibrariesAt } from '../../../protocol/lens-views.ts'
import { bytes, countOf, countText } from '../../text/figures.ts'
import { Clients } from './clients.tsx'
import { CopyButton } from './copy-button.tsx'
import { bytesOf } from './host-rows.ts'
import { HostTable } from './host-table.tsx'
import { LibraryTable } from './library-table.tsx'
import { Progress } from './progress.tsx'
import { RelayList } from './relay-list.tsx'
import { ServerTotals } from './server-totals.tsx'

/** All that is known of the libraries of a run: from its journal, from its jar server, or both. */
export function LibrariesPanel({ at }: { readonly at: LibrariesAt }) {
  const { sets, server, conflicts, relays = [], progress = [] } = at
  const [chosenId, setChosen] = useState<string>()
  const chosen =
    sets.find(({ id }) => id === chosenId) ?? sets.find((set) => set.isCurrent) ?? sets[0]
  return (
    <div class="libraries">
      {server !== undefined && <ServerTotals server={server} />}
      {conflicts.length > 0 && (
        <section class="box bad" aria-label="Conflicts">
          <h2>Conflicts</h2>
          <ul>
            {conflicts.slice(0, 200).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <Progress progress={progress} />
      <section aria-labelledby="libraries-title">
        <header class="heading">
          <h2 id="libraries-title">Libraries</h2>
          {sets.length > 1 && (
            <label>
              <span class="unseen">Set</span>
              <select
                class="field"
                value={chosen?.id}
                onChange={(event) => setChosen(event.currentTarget.value)}
              >
                {sets.map(({ id, isCurrent, tasks }) => (
                  <option key={id} value={id}>
                    {id.slice(0, 12)}
                    {isCurrent ? ', current' : ''}
                    {tasks > 0 ? `, ${countOf(tasks, 'task')}` : ''}
                  </option>
                ))}
              </select>
            </label>
          )}
          {chosen !== undefined && <SetFigures set={chosen} />}
        </header>
        {chosen === undefined ? (
          <p class="empty">No libraries: none is shipped yet.</p>
        ) : (
          <LibraryTable set={chosen} at={at} />
        )}
      </section>
      <Clients at={at} />
      <RelayList
        relays={relays}
        libraries={sets.flatMap(({ libraries }) => libraries)}
        progress={progress}
      />
      <HostTable at={at} />
    </div>
  )
}

function SetFigures({ set }: { readonly set: LibrariesAt['sets'][number] }) {
  const { id, libraries, whole, manifest, tasks } = set
  const count = whole?.count ?? libraries.length
  return (
    <p class="dim">
      {countText(count)} in class-path order, {bytes(whole?.sizeBytes ?? bytesOf(libraries))}
      {tasks > 0 && `, ${countOf(tasks, 'task')}`}, set{' '}
      <CopyButton text={id} label={`${id.slice(0, 12)}…`} what="set id" />
      {manifest !== undefined && (
        <>
          {' '}
          <a href={manifest}>manifest</a>
        </>
      )}
    </p>
  )
}
