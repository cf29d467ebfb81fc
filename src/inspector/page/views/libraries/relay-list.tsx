import { useMemo, useState } from 'preact/hooks'
import type { LibrariesAt, LibraryAt, RelayAt } from '../../../protocol/lens-views.ts'
import { Icon } from '../../parts/icon.tsx'
import { percent } from '../../text/figures.ts'
import { relayTrees, type RelayNode, type RelayTree } from './relay-tree.ts'

const maxNodes = 1000
/** Deeper hosts are not indented further. */
const maxDepth = 8

interface RelayListProps {
  readonly relays: readonly RelayAt[]
  readonly libraries: readonly LibraryAt[]
  readonly progress: NonNullable<LibrariesAt['progress']>
}

/** The trees of hosts that send a library to each other. */
export function RelayList({ relays, libraries, progress }: RelayListProps) {
  const digests = [...new Set(relays.map(({ sha256 }) => sha256))]
  const [wanted, setWanted] = useState<string>()
  const [pointed, setPointed] = useState<string>()
  const chosen = wanted !== undefined && digests.includes(wanted) ? wanted : digests[0]
  // Not again each time that the pointer moves.
  const trees = useMemo(
    () => relayTrees(relays.filter(({ sha256 }) => sha256 === chosen)),
    [relays, chosen],
  )
  if (chosen === undefined) return null
  const nameOf = (digest: string) =>
    libraries.find(({ sha256 }) => sha256 === digest)?.name ?? digest.slice(0, 12)
  const name = nameOf(chosen)
  const shares = new Map(
    progress
      .filter(({ library }) => library === name)
      .map(({ host, bytes, totalBytes }) => [host, percent(bytes, totalBytes)]),
  )
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
        <p class="dim">Each host fetches from the one above it, a part at a time.</p>
      </header>
      <div class="relay-trees">
        {trees.map((tree) => (
          <Tree
            key={tree.parts.join()}
            tree={tree}
            isOnly={trees.length === 1}
            shares={shares}
            pointed={pointed}
            onPoint={setPointed}
          />
        ))}
      </div>
    </section>
  )
}

interface TreeProps {
  readonly tree: RelayTree
  readonly isOnly: boolean
  /** How much of the library a host has, by its name. */
  readonly shares: ReadonlyMap<string, string>
  /** Id of the host that the reader points at: it is marked in all trees. */
  readonly pointed: string | undefined
  readonly onPoint: (id: string | undefined) => void
}

function Tree({ tree: { parts, nodes }, isOnly, shares, pointed, onPoint }: TreeProps) {
  const title = `${parts.length === 1 ? 'Part' : 'Parts'} ${parts.join(', ')}`
  return (
    <div class="relay-tree">
      <h3>{isOnly ? 'All parts' : title}</h3>
      <ul onMouseLeave={() => onPoint(undefined)}>
        <li class="root">jar server</li>
        {nodes.slice(0, maxNodes).map((node) => (
          <li
            key={node.id}
            class={node.id === pointed ? 'pointed' : ''}
            style={{ '--depth': Math.min(node.depth, maxDepth), '--rows': node.rows }}
            title={node.name === node.id ? node.id : `${node.name}, ${node.id}`}
            onMouseEnter={() => onPoint(node.id)}
          >
            <i class="branch" aria-hidden="true" />
            <span class="name">{node.name}</span>
            <State node={node} share={shares.get(node.name)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function State({ node, share }: { readonly node: RelayNode; readonly share: string | undefined }) {
  if (node.isComplete)
    return (
      <span class="good" title="has the whole library">
        <Icon name="yes" />
        <span class="unseen">complete</span>
      </span>
    )
  if (!node.isPlanned) return <span class="dim">waits for a source</span>
  return <span class="dim">{share}</span>
}
