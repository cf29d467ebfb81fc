import type { LibrariesAt } from '../../../protocol/lens-views.ts'
import { bytes, percent } from '../../text/figures.ts'

const maxShown = 100

/** Downloads that run now. */
export function Progress({
  progress,
}: {
  readonly progress: NonNullable<LibrariesAt['progress']>
}) {
  if (progress.length === 0) return null
  return (
    <section aria-labelledby="progress-title">
      <h2 id="progress-title">Downloads</h2>
      <ul class="downloads">
        {progress.slice(0, maxShown).map(({ host, library, bytes: done, totalBytes, place }) => (
          <li key={`${host} ${library}`}>
            <span>
              <bdi>{library}</bdi> <span class="dim">{host}</span>
            </span>
            <progress
              value={done}
              max={Math.max(1, totalBytes)}
              aria-label={`${library} on ${host}`}
            />
            <span class="dim">
              {place === undefined
                ? `${bytes(done)}, ${percent(done, totalBytes)}`
                : `in the queue: ${place}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
