import type { SentEvent, Step, StepEffect } from '../../protocol/step.ts'
import type { Value } from '../../protocol/value.ts'
import { EntryLink } from '../parts/entry-link.tsx'
import { Icon } from '../parts/icon.tsx'
import { ValueTree } from '../parts/value-tree.tsx'
import type { Page } from '../state/page.ts'
import { durationText } from '../text/time.ts'

/** The effects of the entry, their results, and the timers that run. */
export function Effects({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  if (step === undefined) return null
  const { effects, facts, sent } = step
  return (
    <>
      <h3>Effects</h3>
      {effects.length === 0 && <p class="hint">None.</p>}
      <EffectList page={page} effects={effects} />
      <h3>Facts</h3>
      {facts.length === 0 && <p class="hint">None.</p>}
      <FactList facts={facts} />
      <h3>Sent between actors</h3>
      {sent.length === 0 && <p class="hint">None.</p>}
      <SentList sent={sent} />
      <TimerList page={page} />
    </>
  )
}

export function EffectList({
  page,
  effects,
}: {
  readonly page: Page
  readonly effects: readonly StepEffect[]
}) {
  return (
    <ul class="cards">
      {effects.map(({ key, type, actor, params, result, expected }) => (
        <li key={key}>
          <p>
            <code>{type}</code> <span class="dim">of {actor}</span>
            {result && (
              <span class={result.isFailure ? 'tag bad' : 'tag good'}>
                {result.type} <EntryLink page={page} seq={result.seq} />
              </span>
            )}
            {result === undefined && expected && <NoAnswer expected={expected} />}
          </p>
          <Members value={params} />
        </li>
      ))}
    </ul>
  )
}

/** An effect without an answer: none yet, or none to come. */
function NoAnswer({ expected }: Required<Pick<StepEffect, 'expected'>>) {
  const events = expected.map(({ text }) => text).join(', or ')
  const isOnlyRefused = expected.every(({ isFailure }) => isFailure)
  if (expected.length === 0) return <span class="dim"> no event answers it</span>
  if (isOnlyRefused) return <span class="dim"> no answer; only a failure has one: {events}</span>
  return <span class="dim"> no answer so far; it would be {events}</span>
}

export function FactList({ facts }: { readonly facts: Step['facts'] }) {
  return (
    <ul class="cards">
      {facts.map(({ type, value }, index) => (
        <li key={index}>
          <p>
            <code>{type}</code>
          </p>
          <Members value={value} />
        </li>
      ))}
    </ul>
  )
}

export function SentList({ sent }: { readonly sent: readonly SentEvent[] }) {
  return (
    <ul class="cards">
      {sent.map(({ from, to, type, event, delayMs }, index) => (
        <li key={index}>
          <p>
            {from} <Icon name="arrow" /> {to} <code>{type}</code>
            {delayMs !== undefined && <span class="tag">after {durationText(delayMs)}</span>}
          </p>
          <Members value={event} isFolded />
        </li>
      ))}
    </ul>
  )
}

/** A value below its type, if it has more than that. */
function Members({
  value,
  isFolded = false,
}: {
  readonly value: Value
  readonly isFolded?: boolean
}) {
  if (!('items' in value)) return <ValueTree value={value} />
  const items = value.items.filter(([key]) => key !== 'type')
  const size = value.size - (value.items.length - items.length)
  if (size === 0) return null
  return <ValueTree value={{ ...value, items, size }} open={isFolded ? 0 : 1} />
}

function TimerList({ page }: { readonly page: Page }) {
  const moment = page.shown.value
  if (moment === undefined || moment.timers.length === 0) return null
  return (
    <>
      <h3>Timers that run</h3>
      <ul class="cards">
        {moment.timers.map(({ actor, type, due, setBy }, index) => (
          <li key={index}>
            <p>
              <Icon name="timer" /> <code>{type}</code> <span class="dim">of {actor}</span>
              <span class="tag">in {durationText(due - moment.now)}</span>
              {setBy !== undefined && (
                <span class="dim">
                  {' '}
                  set by <EntryLink page={page} seq={setBy} />
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
