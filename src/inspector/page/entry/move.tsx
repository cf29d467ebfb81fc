import { Icon } from '../parts/icon.tsx'

/** From one state of an actor to another. It is new without `from`, and gone without `to`. */
export function Move({
  from,
  to,
}: {
  readonly from: string | undefined
  readonly to: string | undefined
}) {
  if (from === undefined)
    return (
      <p class="move">
        born in <code class="lit">{to}</code>
      </p>
    )
  if (to === undefined)
    return (
      <p class="move">
        gone, was in <code>{from}</code>
      </p>
    )
  // A machine without states.
  if (from === to && to === '') return null
  if (from === to)
    return (
      <p class="move">
        stays in <code>{to}</code>
      </p>
    )
  return (
    <p class="move">
      <code>{from}</code> <Icon name="arrow" /> <code class="lit">{to}</code>
    </p>
  )
}
