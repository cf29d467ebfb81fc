import type { Page } from '../state/page.ts'

/** What the page shows before anything is watched. */
export function NoApp({ page }: { readonly page: Page }) {
  const isConnected = page.connection.value === 'live'
  const address = new URL('inspector/frames', document.baseURI)
  address.protocol = 'ws:'
  return (
    <main class="no-app">
      <div>
        <h2>{isConnected ? 'Nothing is being watched yet' : 'Connecting …'}</h2>
        <p>Start a run with the inspector, open a journal, or point an XState app here:</p>
        <pre>
          {`import { createWebSocketInspector } from '@statelyai/inspect'

const { inspect } = createWebSocketInspector({
  url: '${address.href}',
})
createActor(machine, { inspect }).start()`}
        </pre>
      </div>
    </main>
  )
}
