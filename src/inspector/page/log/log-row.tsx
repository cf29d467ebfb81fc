import { groupBy } from '../../../group-by.ts'
import type { Row } from '../../protocol/questions.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { clockText } from '../text/time.ts'

export function LogRow({
  seq,
  row,
}: {
  readonly seq: number | undefined
  readonly row: Row | undefined
}) {
  // Its page is not loaded yet.
  if (row === undefined)
    return (
      <>
        <span class="seq">{seq}</span>
        <span class="placeholder" />
      </>
    )
  const { type, label, actor, source, effects = [] } = row
  const names = namesText(effects)
  // A timer's label says all that its type says.
  const hasType = label !== type && !label.includes(type) && row.isTimer !== true
  return (
    <>
      <span class="seq">{seq}</span>
      <span class="time">{clockText(row.now)}</span>
      <span class="marks">
        {row.isRejected === true && <Mark name="rejected" text="rejected" />}
        {row.isFailure === true && row.isRejected !== true && <Mark name="failure" text="failed" />}
        {row.isTimer === true && <Mark name="timer" text="timer" />}
        {row.isRestart === true && <Mark name="restart" text="restart" />}
      </span>
      <span class="label" title={label}>
        {label}
        {hasType && <span class="dim"> {type}</span>}
      </span>
      <span class="actor">
        {source !== undefined && <span class="dim">{source} → </span>}
        {actor}
      </span>
      <span class="effects" title={names}>
        {effects.length > 0 && (
          <>
            <span class="effect-count">
              <Icon name="arrow" />
              {effects.length}
            </span>
            <span class="effect-names">{names}</span>
          </>
        )}
      </span>
    </>
  )
}

/** `fx.close, task.ended ×7`. */
function namesText(names: readonly string[]): string {
  return [...groupBy(names, (name) => name)]
    .map(([name, { length }]) => (length === 1 ? name : `${name} ×${length}`))
    .join(', ')
}

function Mark({ name, text }: { readonly name: IconName; readonly text: string }) {
  return (
    <span class={`mark ${name}`} title={text}>
      <Icon name={name} />
      <span class="unseen">{text}</span>
    </span>
  )
}
