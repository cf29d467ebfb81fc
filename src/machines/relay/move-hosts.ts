/** Gives hosts other sources when a host leaves or is dropped as a source. */
import { findSource } from './find-source.ts'
import { dropSource, setSource, stripes } from './plan-draft.ts'
import type { Draft, DraftHost } from './plan-draft.ts'

/** Removes a host and gives those that took from it other sources. */
export function removeHost(draft: Draft, host: DraftHost): void {
  for (const stripe of stripes) dropSource(draft, host, stripe)
  draft.hosts.delete(host.id)
  moveChildren(draft, host)
}

/** Gives each host that takes from this one another source. */
export function moveChildren(draft: Draft, { id }: DraftHost): void {
  for (const child of draft.hosts.values()) {
    for (const [stripe, source] of child.sources.entries()) {
      if (source === id) moveHost(draft, child, stripe)
    }
  }
}

export function moveHost(draft: Draft, host: DraftHost, stripe: number): void {
  setSource(draft, host, stripe, findSource(draft, host, stripe))
}
