import type { LibrariesAt, LibraryAt } from '../../../protocol/lens-views.ts'
import { bytes, copiesOf, copiesText, countText, percent } from '../../text/figures.ts'
import { CopyButton } from './copy-button.tsx'
import { clientColour } from './host-rows.ts'

const maxRows = 1000
/** Hosts that have a square of their own. */
const maxSquares = 32

/** The libraries of a set in class-path order: who has each, and what was served of it. */
export function LibraryTable({
  set,
  at,
}: {
  readonly set: LibrariesAt['sets'][number]
  readonly at: LibrariesAt
}) {
  const { libraries, whole } = set
  const { server } = at
  const clients = (server?.clients.length ?? 0) + (server?.others?.hosts ?? 0)
  const full = Math.max(1, clients, ...libraries.map(copiesOf))
  const hosts = at.hosts.map(({ host }) => host)
  const left = Math.max(whole?.count ?? 0, libraries.length) - Math.min(maxRows, libraries.length)
  return (
    <div class="scroller" role="region" aria-label="Table of libraries" tabIndex={0}>
      <table class="table">
        <caption class="unseen">Libraries in class-path order</caption>
        <thead>
          <tr>
            <th scope="col" class="figure">
              #
            </th>
            <th scope="col">Library</th>
            <th scope="col" class="figure">
              Size
            </th>
            <th scope="col">SHA-256</th>
            <th scope="col">On hosts</th>
            {server !== undefined && (
              <>
                <th scope="col" class="figure">
                  Answered
                </th>
                <th scope="col" title="A full bar is at least one copy for each host that asked.">
                  Served, by host
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {libraries.slice(0, maxRows).map((library, index) => (
            <tr key={`${library.sha256} ${library.name}`}>
              <td class="figure">{index + 1}</td>
              <th scope="row">
                <Name library={library} url={server?.url ?? undefined} />
              </th>
              <td class="figure" title={`${countText(library.sizeBytes)} bytes`}>
                {bytes(library.sizeBytes)}
              </td>
              <td>
                <CopyButton
                  text={library.sha256}
                  label={`${library.sha256.slice(0, 12)}…`}
                  what={`SHA-256 of ${library.name}`}
                />
              </td>
              <td>
                <Squares has={library.hosts} hosts={hosts} />
              </td>
              {server !== undefined && (
                <>
                  <td class="figure">{countText(library.requests ?? 0)}</td>
                  <td>
                    <Served library={library} clients={server.clients} full={full} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
        {server !== undefined && set.isCurrent && <Rest server={server} libraries={libraries} />}
      </table>
      {left > 0 && <p class="dim">{countText(left)} more libraries are in the manifest.</p>}
    </div>
  )
}

/** What is not of these libraries. */
function Rest({
  server,
  libraries,
}: {
  readonly server: NonNullable<LibrariesAt['server']>
  readonly libraries: readonly LibraryAt[]
}) {
  const sum = (key: 'requests' | 'bytesServed') =>
    server[key] - libraries.reduce((total, library) => total + (library[key] ?? 0), 0)
  const [requests, served] = [sum('requests'), sum('bytesServed')]
  if (requests <= 0 && served <= 0) return null
  return (
    <tfoot>
      <tr>
        <td />
        <th scope="row" colSpan={4}>
          Everything else{' '}
          <span class="dim">executor, manifests, earlier sets, refused requests</span>
        </th>
        <td class="figure">{countText(Math.max(0, requests))}</td>
        <td>{bytes(Math.max(0, served))}</td>
      </tr>
    </tfoot>
  )
}

function Name({ library, url }: { readonly library: LibraryAt; readonly url: string | undefined }) {
  const { name, kind, path } = library
  return (
    <>
      {path === undefined ? (
        <bdi>{name}</bdi>
      ) : (
        <a href={path}>
          <bdi>{name}</bdi>
        </a>
      )}{' '}
      <span class="tag">{kind}</span>
      {path !== undefined && url !== undefined && (
        <CopyButton text={url + path} label="copy URI" what={`URI of ${name}`} />
      )}
    </>
  )
}

/** A square for each host, filled if it has the library. */
function Squares({
  has,
  hosts,
}: {
  readonly has: readonly string[]
  readonly hosts: readonly string[]
}) {
  const own = new Set(has)
  return (
    <div class="on-hosts">
      <span>
        {countText(has.length)}
        <span class="dim"> of {countText(hosts.length)}</span>
      </span>
      <span class="squares" aria-hidden="true">
        {hosts.slice(0, maxSquares).map((host) => (
          <i key={host} class={own.has(host) ? 'has' : ''} title={host} />
        ))}
      </span>
    </div>
  )
}

/** The bar tells how many of the copies that make it `full` were served, and is cut by host. */
function Served({
  library,
  clients,
  full,
}: {
  readonly library: LibraryAt
  readonly clients: readonly { readonly address: string }[]
  readonly full: number
}) {
  const { bytesServed = 0, clientBytes = [] } = library
  const named = clientBytes.reduce((sum, taken) => sum + taken, 0)
  const parts = [...clientBytes, bytesServed - named]
    .map((taken, index) => {
      const isOther = index === clientBytes.length
      const host = isOther ? 'other hosts' : (clients[index]?.address ?? '')
      const text = `${host} ${percent(taken, bytesServed)}`
      return { taken, text, colour: isOther ? 'host-other' : clientColour(index) }
    })
    .filter(({ taken }) => taken > 0)
  const label = parts.map(({ text }) => text).join(', ') || 'nothing served'
  return (
    <>
      <div class="amount">
        <span>{bytes(bytesServed)}</span>
        <span class="dim">{copiesText(copiesOf(library))}</span>
      </div>
      <div class="meter" role="img" aria-label={label}>
        {parts.map(({ taken, text, colour }) => (
          <i
            key={text}
            class={colour}
            title={`${text}, ${bytes(taken)}`}
            style={{ width: `${(taken / bytesServed) * (copiesOf(library) / full) * 100}%` }}
          />
        ))}
      </div>
    </>
  )
}
