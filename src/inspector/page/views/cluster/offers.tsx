import type { ClusterAt } from '../../../protocol/lens-views.ts'
import { canControl, control } from '../../state/control.ts'
import type { Page } from '../../state/page.ts'
import { countText } from '../../text/figures.ts'

const maxOffers = 500

/** Offers that the scheduler holds at the moment. */
export function Offers({
  page,
  cluster,
}: {
  readonly page: Page
  readonly cluster: ClusterAt | undefined
}) {
  const revive = () =>
    control(page, { kind: 'revive' }, 'The framework was told to ask for offers.')
  return (
    <>
      {canControl(page) && (
        <div class="bar">
          <button
            type="button"
            title="If work waits: REVIVE, which removes the filters of declined offers"
            onClick={() => void revive()}
          >
            Ask for offers
          </button>
        </div>
      )}
      <OfferTable cluster={cluster} />
    </>
  )
}

function OfferTable({ cluster }: { readonly cluster: ClusterAt | undefined }) {
  const offers = cluster?.offers ?? []
  if (offers.length === 0) return <p class="empty">No offer is held at this moment.</p>
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Resources</th>
          <th scope="col">Offer</th>
        </tr>
      </thead>
      <tbody>
        {offers.slice(0, maxOffers).map(({ id, host, resources }) => (
          <tr key={id}>
            <th scope="row">{host}</th>
            <td>{resources}</td>
            <td>
              <code>{id}</code>
            </td>
          </tr>
        ))}
      </tbody>
      {offers.length > maxOffers && (
        <caption>
          The first {countText(maxOffers)} of {countText(offers.length)}
        </caption>
      )}
    </table>
  )
}
