import { useEffect, useState } from 'preact/hooks'
import type { Arrow } from '../../../protocol/questions.ts'
import type { Step } from '../../../protocol/step.ts'
import type { Value } from '../../../protocol/value.ts'
import { ValueTree } from '../../parts/value-tree.tsx'
import type { Page } from '../../state/page.ts'
import { clockText, durationText } from '../../text/time.ts'

export interface Pointed {
  readonly arrow: Arrow
  /** Of the pointer, in pixels from the top left of the window. */
  readonly x: number
  readonly y: number
}

const waitMs = 180
const cardWidth = 340
const cardHeight = 260

/** What an arrow carries, beside the pointer. */
export function ArrowCard({ page, pointed }: { readonly page: Page; readonly pointed: Pointed }) {
  const { arrow, x, y } = pointed
  const [step, setStep] = useState<Step>()
  useEffect(() => {
    setStep(undefined)
    let isGone = false
    const timer = setTimeout(() => {
      page.askApp('step', { seq: arrow.seq }).then(
        (answer) => isGone || setStep(answer),
        () => {
          // The card says what the arrow itself tells.
        },
      )
    }, waitMs)
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [arrow.seq])
  const value = step && payloadOf(step, arrow)
  const style = {
    left: `${Math.max(8, Math.min(x + 14, innerWidth - cardWidth - 8))}px`,
    ...(y > innerHeight - cardHeight
      ? { bottom: `${innerHeight - y + 14}px` }
      : { top: `${y + 14}px` }),
  }
  return (
    <div class="arrow-card" style={style} role="tooltip">
      <p>
        <span class="strong">{arrow.type}</span>{' '}
        <span class="dim">
          {arrow.from} → {arrow.to}
        </span>
      </p>
      <p class="dim">
        #{arrow.seq} · {clockText(arrow.now)}
        {arrow.delayMs !== undefined && ` · due after ${durationText(arrow.delayMs)}`}
        {arrow.isFailure === true && <span class="bad"> · failure</span>}
        {arrow.isRejected === true && <span class="warn"> · rejected</span>}
      </p>
      {value !== undefined && <ValueTree value={value} open={1} />}
    </div>
  )
}

function payloadOf(step: Step, { kind, part }: Arrow): Value | undefined {
  if (part === undefined) return step.event
  if (kind === 'effect') return step.effects[part]?.params
  if (kind === 'fact') return step.facts[part]?.value
  return step.sent[part]?.event
}
