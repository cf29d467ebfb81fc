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
        {label !== type && !label.includes(type) && <span class="dim"> {type}</span>}
      </span>
      <span class="actor">
        {source !== undefined && <span class="dim">{source} → </span>}
        {actor}
      </span>
      <span class="effects" title={effects.join(', ')}>
        {effects.length > 0 && (
          <>
            <span class="effect-count">
              <Icon name="arrow" />
              {effects.length}
            </span>
            <span class="effect-names">{effects.join(', ')}</span>
          </>
        )}
      </span>
    </>
  )
}

function Mark({ name, text }: { readonly name: IconName; readonly text: string }) {
  return (
    <span class={`mark ${name}`} title={text}>
      <Icon name={name} />
      <span class="unseen">{text}</span>
    </span>
  )
}
