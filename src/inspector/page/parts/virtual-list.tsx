import type { ComponentChildren, HTMLAttributes } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { scrollTopFor, windowOf } from './list-window.ts'
import { useSize } from './use-size.ts'

export interface VirtualListProps {
  readonly count: number
  /** Pixels. */
  readonly rowHeight: number
  /** The row that stays in view when it changes; -1 for none. */
  readonly chosen: number
  readonly row: (index: number) => {
    readonly attributes: HTMLAttributes<HTMLDivElement>
    readonly children: ComponentChildren
  }
  /** Rows that are drawn now. */
  readonly onWindow?: (first: number, end: number) => void
  /** Of the element that scrolls. */
  readonly attributes: HTMLAttributes<HTMLDivElement>
  /** Prefix of the rows' ids. */
  readonly id: string
}

/** A list of any length with rows of one height: only those in view are in the document. */
export function VirtualList(props: VirtualListProps) {
  const { count, rowHeight, chosen, row, onWindow, attributes, id } = props
  const box = useRef<HTMLDivElement>(null)
  const { height: viewHeight } = useSize(box)
  const [scrollTop, setScrollTop] = useState(0)
  const size = { count, rowHeight, viewHeight }
  const { height, first, end, top } = windowOf(size, scrollTop)

  useLayoutEffect(() => {
    const element = box.current
    if (element === null || chosen < 0 || viewHeight === 0) return
    const next = scrollTopFor(size, chosen, element.scrollTop)
    if (next === element.scrollTop) return
    element.scrollTop = next
    setScrollTop(element.scrollTop)
  }, [chosen, viewHeight])
  useEffect(() => onWindow?.(first, end), [first, end, onWindow])

  // A row's element is used again for the row that comes into view: scrolling makes none.
  const slots = Math.max(1, end - first)
  const isSeen = chosen >= first && chosen < end
  return (
    <div
      {...attributes}
      class="list"
      ref={box}
      tabIndex={0}
      {...(isSeen ? { 'aria-activedescendant': `${id}-${chosen}` } : {})}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div class="list-space" role="presentation" style={{ height: `${height}px` }}>
        {Array.from({ length: end - first }, (_, each) => {
          const index = first + each
          const { attributes, children } = row(index)
          return (
            <div
              {...attributes}
              key={index % slots}
              id={`${id}-${index}`}
              style={{ transform: `translateY(${top + each * rowHeight}px)` }}
            >
              {children}
            </div>
          )
        })}
      </div>
    </div>
  )
}
