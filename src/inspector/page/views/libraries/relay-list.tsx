import { useState } from 'preact/hooks'
import type { LibraryAt, RelayAt } from '../../../protocol/lens-views.ts'
import { countOf } from '../../text/figures.ts'
import { relayTree, server } from './relay-tree.ts'

const maxNodes = 1000

/** The tree of hosts that send a library to each other. */
export function RelayList({
  relays,
  libraries,
}: {
  readonly relays: readonly RelayAt[]
  readonly libraries: readonly LibraryAt[]
}) {
  const digests = [...new Set(relays.map(({ sha256 }) => sha256))]
  const [wanted, setWanted] = useState<string>()
  const [first] = digests
  if (first === undefined) return null
  const chosen = wanted !== undefined && digests.includes(wanted) ? wanted : first
  const nodes = relayTree(relays.filter(({ sha256 }) => sha256 === chosen))
  const nameOf = (digest: string) =>
    libraries.find(({ sha256 }) => sha256 === digest)?.name ?? digest.slice(0, 12)
  return (
    <section aria-labelledby="relays-title">
      <header class="heading">
        <h2 id="relays-title">Relays</h2>
        <label>
          <span class="unseen">Library</span>
          <select
            class="field"
            value={chosen}
            onChange={(event) => setWanted(event.currentTarget.value)}
          >
            {digests.map((digest) => (
              <option key={digest} value={digest}>
                {nameOf(digest)}
              </option>
            ))}
          </select>
        </label>
        <p class="dim">Each host stands below the one that sends it most.</p>
      </header>
      <ul class="relays">
        <li>
          <b>jar server</b>
        </li>
        {nodes.slice(0, maxNodes).map(({ host, depth, sources, isComplete }) => (
          <li key={host} style={{ paddingInlineStart: `${Math.min(depth + 1, 12) * 20}px` }}>
            <i class="branch" aria-hidden="true" />
            <b>{host}</b>
            {isComplete && <span class="tag good">complete</span>}
            <span class="dim">{sourcesText(sources)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function sourcesText(sources: readonly (readonly [string, number])[]): string {
  if (sources.length === 0) return 'not planned yet'
  const parts = sources.reduce((sum, [, count]) => sum + count, 0)
  const names = sources.slice(0, 4).map(([source, count]) => {
    return `${count} from ${source === server ? 'the jar server' : source}`
  })
  const rest = sources.length > 4 ? ' and others' : ''
  return `${countOf(parts, 'part')}: ${names.join(', ')}${rest}`
}
