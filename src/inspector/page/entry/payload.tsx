import { ValueTree } from '../parts/value-tree.tsx'
import type { Page } from '../state/page.ts'

/** The event itself. */
export function Payload({ page }: { readonly page: Page }) {
  const step = page.shownStep.value
  return step === undefined ? null : <ValueTree key={step.seq} value={step.event} open={3} />
}
