import { computed, effect } from '@preact/signals'
import { render } from 'preact'
import { bindKeys } from './keys/bind-keys.ts'
import { keyTable } from './keys/key-table.ts'
import { createLogState } from './log/log-state.ts'
import { bindDrop } from './shell/exchange.tsx'
import { Shell } from './shell/shell.tsx'
import type { Source } from './source/source.ts'
import { formatAddress, parseAddress } from './state/address.ts'
import { createLayout } from './state/layout.ts'
import { createPage, type Page } from './state/page.ts'
import { createPlayer } from './timeline/player.ts'
import { createTimelineState } from './timeline/timeline-state.ts'
import { views } from './views/views.ts'

/** How long scrubbing may take before the address follows; browsers limit its changes. */
const addressWaitMs = 250

/** Shows the page for what `source` answers, at the moment in the page's address. */
export function startPage(source: Source): void {
  const page = createPage(source, parseAddress(location.hash))
  const layout = createLayout(openStore())
  const log = createLogState(page)
  const player = createPlayer(page, () => new Promise(requestAnimationFrame))
  const focus = (id: string) => document.getElementById(id)?.focus()
  const keys = keyTable({ page, layout, log, player, views, focus })
  bindKeys(keys, () => layout.hasKeys.value && page.app.value !== undefined)
  bindDrop(page)
  keepAddress(page)
  effect(() => {
    const { value } = layout.theme
    if (value === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = value
  })
  effect(() => {
    const name = page.app.value?.name
    document.title = name === undefined ? 'Inspector' : `${name} – Inspector`
  })
  const root = document.getElementById('page')
  if (root === null) return
  root.textContent = ''
  const timeline = createTimelineState(player)
  render(<Shell page={page} layout={layout} log={log} timeline={timeline} keys={keys} />, root)
}

function keepAddress(page: Page): void {
  // Another one was chosen by the user: its event is on the way, and nothing may be written over it.
  let known = location.hash
  addEventListener('hashchange', () => {
    known = location.hash
    page.choose(parseAddress(known))
  })
  let timer: number | undefined
  // As text it changes only when something else is shown, not with each entry of a live run.
  const address = computed(() => formatAddress(page.address.value))
  effect(() => {
    const hash = address.value
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (location.hash !== known || hash === known) return
      history.replaceState(null, '', hash)
      known = location.hash
    }, addressWaitMs)
  })
}

/** Some browsers keep nothing for files, and refuse even to be asked. */
function openStore(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    return localStorage
  } catch {
    return { getItem: () => null, setItem: () => {} }
  }
}
