import type { ActorChange, ValueChange } from '../../protocol/step.ts'
import { ValueTree } from '../parts/value-tree.tsx'
import type { Page } from '../state/page.ts'
import { Move } from './move.tsx'

/** The difference that the entry made, actor by actor. */
export function Changes({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  if (step === undefined) return null
  if (step.changes.length === 0) return <p class="hint">This entry changed nothing.</p>
  return (
    <>
      {step.changes.map((change) => (
        <ActorPart key={change.actor} page={page} change={change} />
      ))}
    </>
  )
}

function ActorPart({ page, change }: { readonly page: Page; readonly change: ActorChange }) {
  const { actor, from, to, changes, count } = change
  return (
    <section class="change">
      <h3>
        <button type="button" class="link strong" onClick={() => (page.actor.value = actor)}>
          {actor}
        </button>
      </h3>
      <Move from={from} to={to} />
      <ul class="diff">
        {changes.map((each) => (
          <ChangePart key={each.path.join('\n')} change={each} />
        ))}
        {count > changes.length && <li class="dim">{count - changes.length} more changes</li>}
      </ul>
    </section>
  )
}

function ChangePart({ change }: { readonly change: ValueChange }) {
  const { path, before, after } = change
  return (
    <li>
      <code class="path">{path.length === 0 ? 'context' : path.join('.')}</code>
      {before !== undefined && (
        <div class="before">
          <span class="unseen">before</span>
          <ValueTree value={before} open={0} />
        </div>
      )}
      {after !== undefined && (
        <div class="after">
          <span class="unseen">after</span>
          <ValueTree value={after} open={0} />
        </div>
      )}
    </li>
  )
}
