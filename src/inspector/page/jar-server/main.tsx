/** Of the page that a jar server sends: shows /status.json, once a second. */
import { render } from 'preact'
import { librariesOf, type JarStatus } from '../../jar-status.ts'
import type { LibrariesAt } from '../../protocol/lens-views.ts'
import { JarServerPage } from './jar-server-page.tsx'
import { poll } from './poll.ts'

const root = document.getElementById('page')
const address = new URL('../status.json', import.meta.url)
let at: LibrariesAt | undefined

function show(isLive: boolean): void {
  if (root !== null) render(<JarServerPage at={at} isLive={isLive} />, root)
}

if (root !== null) root.textContent = ''
show(true)
void poll({
  ask: async () => {
    const response = await fetch(address, { signal: AbortSignal.timeout(5000) })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return librariesOf((await response.json()) as JarStatus)
  },
  onAnswer: (answer) => {
    at = answer
    show(true)
  },
  onSilence: () => show(false),
  shown: async () => {
    if (!document.hidden) return
    await new Promise((resolve) => {
      addEventListener('visibilitychange', resolve, { once: true })
    })
  },
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
