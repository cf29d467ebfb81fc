import type { LibrariesAt } from '../../protocol/lens-views.ts'
import { LibrariesPanel } from '../views/libraries/libraries-panel.tsx'

/** The page of one jar server: the inspector's libraries, without a run around them. */
export function JarServerPage({
  at,
  isLive,
}: {
  readonly at: LibrariesAt | undefined
  readonly isLive: boolean
}) {
  return (
    <div class="jar-server">
      <header class="top">
        <h1>Jar server</h1>
        <span class="grow" />
        <span id="state" class={isLive ? 'badge live' : 'badge bad'} role="status">
          {at === undefined ? 'connecting' : isLive ? 'live' : 'no answer, last numbers shown'}
        </span>
      </header>
      <main>{at !== undefined && <LibrariesPanel at={at} />}</main>
    </div>
  )
}
