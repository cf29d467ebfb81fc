import type { Page } from '../state/page.ts'

/** Goes to another entry; the browser's button goes back. */
export function EntryLink({ page, seq }: { readonly page: Page; readonly seq: number }) {
  return (
    <a class="entry-link" href={page.linkTo(seq)}>
      #{seq}
    </a>
  )
}
