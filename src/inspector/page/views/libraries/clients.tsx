import type { LibrariesAt } from '../../../protocol/lens-views.ts'
import { bytes, countText, percent } from '../../text/figures.ts'
import { clientColour } from './host-rows.ts'

/** Who asked the jar server, and how much of its bytes each took. */
export function Clients({ at }: { readonly at: LibrariesAt }) {
  const { server } = at
  if (server === undefined || server.clients.length === 0) return null
  const { others, bytesServed } = server
  const isMany = others !== undefined && (others.hosts > 0 || others.isMore)
  return (
    <section aria-labelledby="clients-title">
      <h2 id="clients-title">Served by the jar server to</h2>
      <ul class="clients">
        {server.clients.map(({ address, requests, bytesServed: own }, index) => (
          <li
            key={address}
            class={clientColour(index)}
            title={`${countText(requests)} requests answered`}
          >
            <b>{address}</b>
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
