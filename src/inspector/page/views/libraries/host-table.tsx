import type { LibrariesAt } from '../../../protocol/lens-views.ts'
import { bytes, countText } from '../../text/figures.ts'
import { hostRows, type HostRow } from './host-rows.ts'

const maxRows = 1000

/** Hosts with the libraries that they have, and where they got them from. */
export function HostTable({ at }: { readonly at: LibrariesAt }) {
  const rows = hostRows(at)
  if (rows.length === 0) return null
  const most = Math.max(1, ...rows.map((row) => row.bytes))
  const hasSources = rows.some(({ from, served, relayed, cached }) => {
    return from !== undefined || served + relayed + cached > 0
  })
  return (
    <section aria-labelledby="hosts-title">
      <h2 id="hosts-title">Hosts</h2>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col" class="figure">
              Libraries
            </th>
            <th scope="col">Bytes</th>
            {hasSources && <th scope="col">From</th>}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, maxRows).map((row) => (
            <tr key={row.host}>
              <th scope="row">{row.host}</th>
              <td class="figure">{countText(row.libraries)}</td>
              <td>
                <div class="amount">{bytes(row.bytes)}</div>
                <div class="meter" aria-hidden="true">
                  <i class="host-0" style={{ width: `${(row.bytes / most) * 100}%` }} />
                </div>
              </td>
              {hasSources && <td>{sourceText(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > maxRows && <p class="dim">and {countText(rows.length - maxRows)} more</p>}
    </section>
  )
}

function sourceText({ from, served, relayed, cached }: HostRow): string {
  const parts = [
    ...(served > 0 ? [`${bytes(served)} from the jar server`] : []),
    ...(relayed > 0 ? [`${bytes(relayed)} from other hosts`] : []),
    ...(cached > 0 ? [`${bytes(cached)} from its cache`] : []),
  ]
  return parts.length === 0 ? (from ?? '') : parts.join(', ')
}
