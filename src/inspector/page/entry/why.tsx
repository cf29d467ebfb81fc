import type { Considered, Microstep } from '../../protocol/step.ts'
import { Icon } from '../parts/icon.tsx'
import { ValueTree } from '../parts/value-tree.tsx'
import type { Page } from '../state/page.ts'
import { EffectList, FactList, SentList } from './effects.tsx'
import { GuardVerdict } from './guard-verdict.tsx'
import { Move } from './move.tsx'

/** Every transition that was considered, and what followed. */
export function Why({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  if (step === undefined) return null
  const { microsteps, rejections, effects, facts, sent, isPartial } = step
  return (
    <>
      {rejections.map((rejection, index) => (
        <div key={index} class="box bad" role="note">
          <strong>Rejected: the machine threw, and nothing of this entry was kept.</strong>
          <pre>{rejection.message}</pre>
        </div>
      ))}
      {isPartial === true && (
        <p class="hint">
          Guards and actions are unknown: this program sends frames of the standard protocol only.
        </p>
      )}
      {microsteps.length === 0 && rejections.length === 0 && isPartial !== true && (
        <p class="hint">No active state has a handler for this event: nothing was considered.</p>
      )}
      <ol>
        {microsteps.map((microstep, index) => (
          <MicrostepPart key={index} page={page} microstep={microstep} />
        ))}
      </ol>
      {effects.length > 0 && <h3>Effects</h3>}
      <EffectList page={page} effects={effects} />
      {facts.length > 0 && <h3>Facts</h3>}
      <FactList facts={facts} />
      {sent.length > 0 && <h3>Sent</h3>}
      <SentList sent={sent} />
    </>
  )
}

function MicrostepPart({
  page,
  microstep,
}: {
  readonly page: Page
  readonly microstep: Microstep
}) {
  const { actor, type, from, to, considered, entered, exited, actions } = microstep
  return (
    <li class="microstep">
      <header>
        <button type="button" class="link strong" onClick={() => (page.actor.value = actor)}>
          {actor}
        </button>
        <span class="dim">{type === '' ? 'always' : type}</span>
      </header>
      <Move from={from} to={to} />
      <ul class="considered">
        {considered.map((each, index) => (
          <ConsideredPart key={index} page={page} considered={each} />
        ))}
      </ul>
      <Names title="exited" names={exited} />
      <Names title="entered" names={entered} />
      {actions.length > 0 && (
        <div class="named">
          <span class="dim">actions</span>
          <ol class="actions">
            {actions.map(({ type, params }, index) => (
              <li key={index}>
                <code>{type}</code>
                {params !== undefined && <ValueTree value={params} open={0} />}
              </li>
            ))}
          </ol>
        </div>
      )}
    </li>
  )
}

const marks = {
  taken: 'yes',
  'guard false': 'no',
  'guard threw': 'failure',
  'not reached': 'skip',
} as const

function ConsideredPart({
  page,
  considered,
}: {
  readonly page: Page
  readonly considered: Considered
}) {
  const { on, state, targets, verdict, guard, transition } = considered
  return (
    <li
      class={`verdict ${verdict.replace(' ', '-')}`}
      onMouseEnter={() => (page.pointed.value = transition)}
      onMouseLeave={() => (page.pointed.value = undefined)}
    >
      <Icon name={marks[verdict]} />
      <div>
        <p>
          <span class="word">{verdict}</span> <code>{on}</code> <span class="dim">in {state}</span>
          {targets.length > 0 && (
            <>
              {' '}
              <Icon name="arrow" /> <code>{targets.join(', ')}</code>
            </>
          )}
        </p>
        {guard !== undefined && <GuardVerdict verdict={guard} />}
      </div>
    </li>
  )
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <div class="named">
      <span class="dim">{title}</span>
      <span>
        {names.map((name) => (
          <code key={name}>{name} </code>
        ))}
      </span>
    </div>
  )
}
