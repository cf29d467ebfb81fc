/** A run in this process, listed as an app without a cost while nobody watches. */
import type { ReplayApp } from '../replay-app/open-replay-app.ts'
import type { InspectorServer } from './inspector-server.ts'

/** Entries that are kept for the first page that may come. */
const maxUnwatched = 20_000
/** A page that is loaded again finds what it showed. */
const lingerMs = 60_000

/**
 * Lists a run. Its first entries are kept, so that a page shows it from its start; once there are
 * 20,000 and nobody watches, none are, until a page is opened: it shows the run from then on, and
 * what was before if the run has a journal.
 * `open` gives an app with the same id each time. Returns how to end that.
 */
export function listLive(
  { apps, watchers }: Pick<InspectorServer, 'apps' | 'watchers'>,
  open: () => ReplayApp,
): () => void {
  let close: (() => void) | undefined
  let watchedAt = -Infinity

  function start(): void {
    if (close !== undefined) return
    const app = open()
    const remove = apps.add(app)
    const forget = app.onChange(() => {
      if (watchers.count === 0 && isIdle() && isLong(app)) stop()
    })
    close = () => {
      forget()
      remove()
      app.close()
    }
  }

  function stop(): void {
    close?.()
    close = undefined
  }

  function isIdle(): boolean {
    return performance.now() - watchedAt > lingerMs
  }

  start()
  const forget = watchers.onChange((isWatched) => {
    if (isWatched) start()
    else watchedAt = performance.now()
  })
  return () => {
    forget()
    stop()
  }
}

function isLong(app: ReplayApp): boolean {
  const { firstSeq, lastSeq, isOver } = app.info()
  return lastSeq - firstSeq >= maxUnwatched && !isOver
}
