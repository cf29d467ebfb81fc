import { useCallback } from 'preact/hooks'
import { ValueTree } from '../parts/value-tree.tsx'
import { useAnswer } from '../state/answers.ts'
import type { Page } from '../state/page.ts'

/** State and context of the chosen actor; what is deep inside is asked for when it is opened. */
export function Context({ page }: { readonly page: Page }) {
  const moment = page.shown.value
  const id = page.actor.value ?? page.shownStep.value?.actor ?? moment?.actors[0]?.id
  const actor = moment?.actors.find((each) => each.id === id)
  const app = page.app.value?.id
  const seq = page.seq.value
  const isBranch = page.branch.value !== undefined
  const question =
    app === undefined || actor === undefined || isBranch
      ? undefined
      : { app, params: { seq, actor: actor.id, path: [] } }
  const { value, of, error } = useAnswer(page.ask, 'context', question)
  const shownSeq = of?.params.seq ?? seq
  const shownActor = of?.params.actor ?? id ?? ''
  const load = useCallback(
    (path: readonly string[], skip: number) =>
      page.askApp('context', { seq: shownSeq, actor: shownActor, path, skip }),
    [page, shownSeq, shownActor],
  )
  if (actor === undefined)
    return (
      <p class="hint">{id === undefined ? 'No actor.' : `${id} does not exist at this moment.`}</p>
    )
  return (
    <>
      <h3>{actor.name}</h3>
      <dl class="facts">
        <div>
          <dt>State</dt>
          <dd>
            <code class="lit">{actor.state || '–'}</code>
          </dd>
        </div>
        <div>
          <dt>Status</dt>
          <dd>{actor.status}</dd>
        </div>
        {actor.tags.length > 0 && (
          <div>
            <dt>Tags</dt>
            <dd>{actor.tags.join(', ')}</dd>
          </div>
        )}
      </dl>
      <h3>Context</h3>
      {isBranch && <p class="hint">The context after the event of a branch is under Changes.</p>}
      {error !== undefined && <p class="hint">{error.message}</p>}
      {value !== undefined && !isBranch && (
        <ValueTree key={shownActor} value={value} load={load} open={1} />
      )}
    </>
  )
}
