import type { LibrariesAt } from '../../../protocol/lens-views.ts'
import { bytes, countText, percent } from '../../text/figures.ts'
import { clientColour } from './host-rows.ts'
import { hostnamesOf } from './relay-tree.ts'

/** Who asked the jar server, and how much of its bytes each took. */
export function Clients({ at }: { readonly at: LibrariesAt }) {
  const { server, relays = [] } = at
  if (server === undefined || server.clients.length === 0) return null
  const { others, bytesServed } = server
  const names = hostnamesOf(relays)
  const isMany = others !== undefined && (others.hosts > 0 || others.isMore)
  return (
    <section aria-labelledby="clients-title">
      <h2 id="clients-title">Served by the jar server to</h2>
      <ul class="clients">
        {server.clients.map(({ address, requests, bytesServed: own }, index) => (
          <li
            key={address}
            class={clientColour(index)}
            title={`${address}: ${countText(requests)} requests answered`}
          >
            <b>{names.get(address) ?? address}</b>
            <span class="dim">
              {bytes(own)}, {percent(own, bytesServed)}
            </span>
          </li>
        ))}
        {isMany && (
          <li class="host-other">
            <b>
              {countText(others.hosts)}
              {others.isMore ? ' and more' : ''} {others.hosts === 1 ? 'other' : 'others'}
            </b>
            <span class="dim">
              {bytes(others.bytesServed)}, {percent(others.bytesServed, bytesServed)}
            </span>
          </li>
        )}
      </ul>
    </section>
  )
}
