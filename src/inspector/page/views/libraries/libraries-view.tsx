import type { Page } from '../../state/page.ts'

export function LibrariesView({ page }: { readonly page: Page }) {
  return <p class="empty">Entry {page.seq}</p>
}
