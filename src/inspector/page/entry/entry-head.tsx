import { EntryLink } from '../parts/entry-link.tsx'
import { Icon } from '../parts/icon.tsx'
import type { Page } from '../state/page.ts'
import { clockText, dateText } from '../text/time.ts'

/** The event of the entry: its type, time, sender and receiver. */
export function EntryHead({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  const error = page.step.value.error
  const branch = page.branch.value
  if (step === undefined) return <div class="entry-head">{error?.message ?? ' '}</div>
  const { cause, rejections } = step
  return (
    <div class="entry-head">
      <h2>
        {branch !== undefined && <span class="tag branch">branch</span>}
        {rejections.length > 0 && <span class="tag bad">rejected</span>}
        <span class="type">{step.type}</span>
      </h2>
      <p>
        <span class="number">#{step.seq}</span> {clockText(step.now)}{' '}
        <span class="dim">{dateText(step.now)}</span>
      </p>
      <p>
        {step.source ?? <span class="dim">outside</span>} <Icon name="arrow" />{' '}
        <button type="button" class="link" onClick={() => (page.actor.value = step.actor)}>
          {step.actor}
        </button>
        {cause.kind === 'timer' && <> · timer</>}
        {cause.setBy !== undefined && (
          <>
            {' '}
            set by <EntryLink page={page} seq={cause.setBy} />
          </>
        )}
        {cause.kind === 'restart' && <> · first after a restart</>}
        {cause.kind === 'start' && <> · start</>}
      </p>
    </div>
  )
}
