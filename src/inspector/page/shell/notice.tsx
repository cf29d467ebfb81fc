import { useEffect } from 'preact/hooks'
import { IconButton } from '../parts/icon-button.tsx'
import type { Page } from '../state/page.ts'

const shownMs = 6_000

/** A message to the reader that disappears after a while. */
export function Notice({ page }: { readonly page: Page }) {
  const text = page.notice.value
  useEffect(() => {
    if (text === undefined) return
    const timer = setTimeout(() => (page.notice.value = undefined), shownMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <div class="notice" role="status">
      {text !== undefined && (
        <p>
          {text}
          <IconButton icon="close" label="Close" onClick={() => (page.notice.value = undefined)} />
        </p>
      )}
    </div>
  )
}
