import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import type { LibrariesAt } from '../../../protocol/lens-views.ts'
import { bytes, countText, createRates, type Rates } from '../../text/figures.ts'

type Server = NonNullable<LibrariesAt['server']>

interface Kept {
  server?: Server
  rates: Rates
  readonly since: ReturnType<typeof createRates>
}

/** Numbers of the jar server, and what they grow by in a second. */
export function ServerTotals({ server }: { readonly server: Server }) {
  const { requests, bytesServed, aborted, clients, others, url } = server
  const rates = useRates(server)
  const hosts = clients.length + (others?.hosts ?? 0)
  return (
    <section aria-label="Jar server">
      <dl class="totals">
        <Tile name="Served" id="rate" note={rates.served}>
          {bytes(bytesServed)}
        </Tile>
        <Tile name="Requests answered" id="request-rate" note={rates.requests}>
          {countText(requests)}
        </Tile>
        <Tile
          name="Aborted"
          id="aborted"
          isBad={aborted > 0}
          note={aborted === 0 ? 'no download lost' : 'downloads lost midway'}
        >
          {countText(aborted)}
        </Tile>
        <Tile
          name="Hosts"
          id="per-host"
          note={
            hosts === 0 ? 'nobody has asked yet' : `${bytes(bytesServed / hosts)} each on average`
          }
        >
          {countText(hosts)}
          {others?.isMore === true && '+'}
        </Tile>
      </dl>
      <p class="dim">{url ?? 'stopping: no new connections'}</p>
    </section>
  )
}

function Tile({
  name,
  id,
  note,
  isBad = false,
  children,
}: {
  readonly name: string
  /** Of the note. */
  readonly id: string
  readonly note: string
  readonly isBad?: boolean
  readonly children: ComponentChildren
}) {
  return (
    <div class={isBad ? 'tile bad' : 'tile'}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd id={id} class="note">
        {note}
      </dd>
    </div>
  )
}

/** Rates between two answers: the same answer, drawn again, is no new one. */
function useRates(server: Server): Rates {
  const kept = useRef<Kept | undefined>(undefined)
  kept.current ??= { rates: { served: '', requests: '' }, since: createRates() }
  const { current } = kept
  if (current.server !== server) {
    current.server = server
    current.rates = current.since(server, performance.now())
  }
  return current.rates
}
