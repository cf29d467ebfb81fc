import { socketAddress } from '../source/socket-address.ts'
import type { Connection } from '../source/source.ts'
import type { Page } from '../state/page.ts'
import { TokenForm } from './token-form.tsx'

const titles: Readonly<Record<Connection, string>> = {
  live: 'Nothing is being watched yet',
  waiting: 'Connecting …',
  saved: 'This file has no run',
  locked: 'This inspector needs its token',
  outdated: 'The server has another version: load this page again',
}

/** What the page shows before anything is watched: the ways to begin. */
export function NoApp({ page }: { readonly page: Page }) {
  const connection = page.connection.value
  return (
    <main class="no-app">
      <div>
        <h2>{titles[connection]}</h2>
        {connection === 'locked' && <TokenForm />}
        {connection === 'live' && <WaysToBegin />}
      </div>
    </main>
  )
}

function WaysToBegin() {
  return (
    <>
      <h3>A framework, while it runs</h3>
      <pre>npx jarcast run tasks.mjs --inspect</pre>
      <h3>A journal, finished or growing</h3>
      <pre>npx jarcast inspect JOURNAL</pre>
      <h3>Any XState program</h3>
      <pre tabIndex={0}>
        {`import { createWebSocketInspector } from '@statelyai/inspect'

const { inspect } = createWebSocketInspector({
  url: '${socketAddress('.')}',
})
createActor(machine, { inspect }).start()`}
      </pre>
      <p class="dim">A journal, or saved frames, can also be dropped on this page.</p>
    </>
  )
}
