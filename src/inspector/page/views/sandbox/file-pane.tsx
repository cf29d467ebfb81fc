import type { Signal } from '@preact/signals'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { IconButton } from '../../parts/icon-button.tsx'
import type { Page } from '../../state/page.ts'
import { bytes, countText } from '../../text/figures.ts'
import { FileLines } from './file-lines.tsx'
import { findText, maxMatches } from './find-text.ts'
import { useFile } from './use-file.ts'

/** One file, its end or what was found in it. */
export function FilePane({
  page,
  taskId,
  file,
  search,
  isFollowing,
}: {
  readonly page: Page
  readonly taskId: string
  readonly file: 'stdout' | 'stderr'
  readonly search: string
  readonly isFollowing: Signal<boolean>
}) {
  const { tail, size, isOver, error } = useFile(page, taskId, file)
  const { lines, start } = tail
  const matches = useMemo(() => findText(lines, search), [lines, search])
  const [wanted, setWanted] = useState(0)
  const chosen = Math.max(0, Math.min(wanted, matches.length - 1))
  const scroll = useRef<(line: number) => void>(() => {})
  useLayoutEffect(() => {
    const match = matches[chosen]
    if (match !== undefined) scroll.current(match.line)
  }, [search, chosen, matches.length === 0])
  const go = (by: number) => {
    isFollowing.value = false
    if (matches.length > 0) setWanted((chosen + by + matches.length) % matches.length)
  }
  return (
    <section class="file" aria-label={file}>
      <header class="bar">
        <h2>{file}</h2>
        <span class="dim">{size !== undefined && bytes(size)}</span>
        {size !== undefined && !isOver && <span class="badge live">live</span>}
        <span class="grow" />
        {search !== '' && (
          <>
            <span class="found" role="status">
              {matches.length === 0
                ? 'No match'
                : `${countText(chosen + 1)} of ${countText(matches.length)}`}
              {matches.length === maxMatches && '+'}
            </span>
            <IconButton
              icon="previous"
              label={`Previous match in ${file}`}
              onClick={() => go(-1)}
            />
            <IconButton icon="next" label={`Next match in ${file}`} onClick={() => go(1)} />
          </>
        )}
      </header>
      {error !== undefined && <p class="box bad">{error}</p>}
      {start > 0 && <p class="dropped">The first {bytes(start)} are not shown.</p>}
      <FileLines
        lines={lines}
        label={`Lines of ${file}`}
        matches={matches}
        chosen={chosen}
        isFollowing={isFollowing}
        scroll={scroll}
      />
      {size === 0 && <p class="empty">Nothing was written yet.</p>}
    </section>
  )
}
