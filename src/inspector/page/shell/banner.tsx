import type { Page } from '../state/page.ts'

/** A warning above everything else: this has not happened, or this page is outdated. */
export function Banner({ page }: { readonly page: Page }) {
  const branch = page.branch.value
  if (page.connection.value === 'outdated')
    return (
      <div class="banner" role="alert">
        <p>The server has another version than this page.</p>
        <button type="button" onClick={() => location.reload()}>
          Load again
        </button>
      </div>
    )
  if (branch === undefined) return null
  return (
    <div class="banner" role="status">
      <p>
        A copy of the run, after entry #{branch.seq} and <code>{branch.event.type}</code>. None of
        this has happened.
      </p>
      <button type="button" onClick={() => (page.branch.value = undefined)}>
        Back to the run
      </button>
    </div>
  )
}
