import { effect } from '@preact/signals'
import { render } from 'preact'
import { Shell } from './shell/shell.tsx'
import type { Source } from './source/source.ts'
import { formatAddress, parseAddress } from './state/address.ts'
import { createPage } from './state/page.ts'

/** How long scrubbing may take before the address follows; browsers limit its changes. */
const addressWaitMs = 250

/** Shows the page for what `source` answers, at the moment in the page's address. */
export function startPage(source: Source): void {
  const page = createPage(source, parseAddress(location.hash))
  addEventListener('hashchange', () => page.choose(parseAddress(location.hash)))
  let timer: number | undefined
  effect(() => {
    const hash = formatAddress(page.address.value)
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (hash !== location.hash) history.replaceState(null, '', hash)
    }, addressWaitMs)
  })
  const root = document.getElementById('page')
  if (root !== null) render(<Shell page={page} />, root)
}
