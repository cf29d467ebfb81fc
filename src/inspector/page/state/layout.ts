/** How the reader has arranged the page. Kept by the browser. */
import { effect, signal, type Signal } from '@preact/signals'

export interface Layout {
  /** Width of the actors, width of the panel about the entry, height of the log: pixels. */
  readonly actors: Signal<number>
  readonly entry: Signal<number>
  readonly log: Signal<number>
  /** The one part that a narrow page shows. */
  readonly part: Signal<'view' | 'actors' | 'log' | 'entry'>
  readonly theme: Signal<'auto' | 'light' | 'dark'>
  /** Keys without Ctrl or Alt do something. */
  readonly hasKeys: Signal<boolean>
  readonly isHelpOpen: Signal<boolean>
}

interface Store {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

const name = 'jarcast-inspector'

export function createLayout(store: Store): Layout {
  const kept = read(store)
  const size = (key: string, fallback: number) => {
    const value = kept[key]
    return signal(typeof value === 'number' && value >= 80 && value <= 4000 ? value : fallback)
  }
  const theme = kept['theme']
  const layout: Layout = {
    actors: size('actors', 288),
    entry: size('entry', 404),
    log: size('log', 244),
    part: signal('view'),
    theme: signal(theme === 'light' || theme === 'dark' ? theme : 'auto'),
    hasKeys: signal(kept['hasKeys'] !== false),
    isHelpOpen: signal(false),
  }
  effect(() => {
    const text = JSON.stringify({
      actors: layout.actors.value,
      entry: layout.entry.value,
      log: layout.log.value,
      theme: layout.theme.value,
      hasKeys: layout.hasKeys.value,
    })
    try {
      store.setItem(name, text)
    } catch {
      // A browser that keeps nothing shows the same page.
    }
  })
  return layout
}

function read(store: Store): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(store.getItem(name) ?? '{}')) as Record<string, unknown>
  } catch {
    return {}
  }
}
