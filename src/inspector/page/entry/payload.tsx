import { Icon } from '../parts/icon.tsx'
import { ValueTree } from '../parts/value-tree.tsx'
import type { Page } from '../state/page.ts'
import { draftOf } from './draft.ts'

/** The event itself. */
export function Payload({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  if (step === undefined) return null
  const canBranch = page.app.value?.features.includes('branch') === true
  const draft = canBranch ? draftOf(step.event) : undefined
  return (
    <>
      <ValueTree key={step.seq} value={step.event} open={3} />
      {draft !== undefined && (
        <button
          type="button"
          class="again"
          onClick={() => {
            page.draft.value = draft
            page.panel.value = 'branch'
          }}
        >
          <Icon name="branch" /> Send again, to a copy
        </button>
      )}
    </>
  )
}
