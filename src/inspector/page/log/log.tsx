import { useComputed } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Row } from '../../protocol/questions.ts'
import { meaningOf } from '../parts/focus-keys.ts'
import { hasModifier } from '../parts/modifiers.ts'
import { VirtualList } from '../parts/virtual-list.tsx'
import type { Page } from '../state/page.ts'
import { countText } from '../text/figures.ts'
import { createFollowedCount } from './followed-count.ts'
import { LogFilter } from './log-filter.tsx'
import { logKeys } from './log-keys.ts'
import { LogRow } from './log-row.tsx'
import { indexFrom, type LogState } from './log-state.ts'
import { createRowPages, type RowPages } from './row-pages.ts'

const rowHeight = 24
/** More than fit a screen. */
const seenRows = 120
const none: readonly number[] = []

/** Every entry of the run, or those that were found. */
export function Log({ page, log }: { readonly page: Page; readonly log: LogState }) {
  const app = page.app.value
  const found = log.found.value
  const shown = log.isOnlyFound.value ? found : undefined
  const marked = useComputed(() => new Set(log.isOnlyFound.value ? none : log.found.value))
  const firstSeq = app?.firstSeq ?? 0
  const whole = shown?.length ?? (app === undefined ? 0 : app.lastSeq - firstSeq + 1)
  const pages = useMemo(() => {
    const load = (first: number, size: number): Promise<readonly Row[]> =>
      shown === undefined
        ? page.askApp('rows', { from: firstSeq + first, count: size })
        : page.askApp('rowsOf', { seqs: shown.slice(first, first + size) })
    return createRowPages(load, whole)
  }, [app?.id, firstSeq, shown])
  const followed = useMemo(createFollowedCount, [pages])
  const isFollowed = shown === undefined && page.isFollowing.value
  useEffect(() => pages.grow(whole, isFollowed), [pages, whole, isFollowed])
  void pages.version.value
  const count = isFollowed ? followed(whole, (index) => isEndHere(pages, index)) : whole

  const seq = page.seq.value
  const chosen = shown === undefined ? Math.min(seq - firstSeq, count - 1) : lastIndex(shown, seq)
  const go = (index: number) => {
    const next = shown === undefined ? firstSeq + index : shown[index]
    if (next !== undefined) page.go(next)
  }
  // After scrolling, the newest entries no longer move the list.
  const stay = () => {
    if (page.isFollowing.value && app?.isOver === false) page.go(page.seq.value)
  }
  const digits = String(app?.lastSeq ?? 0).length
  return (
    <section class="pane log" aria-label="Event log" style={{ '--digits': digits }}>
      <LogFilter page={page} log={log} />
      <VirtualList
        id="log"
        count={count}
        rowHeight={rowHeight}
        chosen={chosen}
        onWindow={pages.want}
        attributes={{
          role: 'listbox',
          'aria-label': `Entries, ${countText(count)}`,
          onWheel: stay,
          onTouchMove: stay,
          onKeyDown: (event) => {
            const seen = Math.floor(event.currentTarget.clientHeight / rowHeight)
            const step = meaningOf(logKeys, event.key)?.(Math.max(1, seen - 1), count)
            if (step === undefined || hasModifier(event)) return
            event.preventDefault()
            go(Math.max(0, Math.min(chosen + step, count - 1)))
          },
        }}
        row={(index) => {
          const row = pages.at(index)
          const own = shown === undefined ? firstSeq + index : shown[index]
          return {
            attributes: {
              role: 'option',
              class: rowClass(row, own, seq, marked.value),
              'aria-selected': own === seq,
              'aria-posinset': index + 1,
              'aria-setsize': count,
              onClick: () => go(index),
            },
            children: <LogRow seq={own} row={row} />,
          }
        }}
      />
      {count === 0 && (
        <p class="empty">{found === undefined ? 'No entry yet.' : 'No entry matches.'}</p>
      )}
    </section>
  )
}

/** Whether the row is here, and those that are seen above it. */
function isEndHere(pages: RowPages<Row>, index: number): boolean {
  const first = Math.max(0, index - seenRows)
  return pages.at(index) !== undefined && pages.at(first) !== undefined
}

/** The newest of those found that is not after `seq`. */
function lastIndex(seqs: readonly number[], seq: number): number {
  return indexFrom(seqs, seq + 1) - 1
}

function rowClass(
  row: Row | undefined,
  own: number | undefined,
  seq: number,
  marked: ReadonlySet<number>,
): string {
  const words = ['row']
  if (own !== undefined && own > seq) words.push('later')
  if (own !== undefined && marked.has(own)) words.push('marked')
  if (row?.isRejected === true) words.push('rejected')
  else if (row?.isFailure === true) words.push('failed')
  return words.join(' ')
}
