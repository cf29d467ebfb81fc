import { bytes, countOf, countText, percent } from '../../text/figures.ts'
import { downloadsByLibrary, type Download, type LibraryDownloads } from './downloads.ts'

/** Of one library. */
const maxShown = 100

/** Downloads that run now: each library, and the hosts that fetch it. */
export function Progress({ progress }: { readonly progress: readonly Download[] }) {
  if (progress.length === 0) return null
  return (
    <section aria-labelledby="progress-title">
      <h2 id="progress-title">Downloads</h2>
      <ul class="downloads">
        {downloadsByLibrary(progress).map((group) => (
          <Group key={group.library} group={group} />
        ))}
      </ul>
    </section>
  )
}

function Group({ group }: { readonly group: LibraryDownloads }) {
  const { library, downloads, bytes: done, totalBytes } = group
  const hidden = downloads.length - maxShown
  return (
    <li>
      <p class="library">
        <bdi>{library}</bdi>
        <span class="dim">
          to {countOf(downloads.length, 'host')}: {bytes(done)} of {bytes(totalBytes)},{' '}
          {percent(done, totalBytes)}
        </span>
      </p>
      <ul class="hosts-of">
        {downloads.slice(0, maxShown).map((download) => (
          <Host key={download.host} download={download} />
        ))}
      </ul>
      {hidden > 0 && <p class="dim">and {countText(hidden)} more hosts</p>}
    </li>
  )
}

function Host({ download }: { readonly download: Download }) {
  const { host, library, bytes: done, totalBytes, place } = download
  return (
    <li title={`${host}: ${bytes(done)} of ${bytes(totalBytes)}`}>
      <span class="host-name">{host}</span>
      <progress value={done} max={Math.max(1, totalBytes)} aria-label={`${library} on ${host}`} />
      <span class="dim share">
        {place === undefined ? percent(done, totalBytes) : `queue: ${countText(place)}`}
      </span>
    </li>
  )
}
