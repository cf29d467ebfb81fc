import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { anchorAt, endAnchor, fractionOf, moveAnchor, type Anchor, type Heights } from './anchor.ts'

/** Further scrolling than this is a jump with the scrollbar. In views. */
const jumpViews = 3
const settleMs = 150

/**
 * Scrolls a list by an anchor instead of pixels: small movements are exact, the scrollbar's place
 * is that of the entry in the list.
 */
export function useAnchor(
  box: { readonly current: HTMLElement | null },
  heights: Heights,
  scrollHeight: number,
) {
  const [anchor, setAnchor] = useState<Anchor>({ index: 0, offset: 0 })
  const lastTop = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const room = Math.max(1, scrollHeight - heights.viewHeight)
  const latest = useRef({ anchor, heights, room })
  latest.current = { anchor, heights, room }

  /** Puts the scrollbar where the anchor is. */
  const settle = () => {
    const element = box.current
    if (element === null) return
    const now = latest.current
    element.scrollTop = Math.round(fractionOf(now.anchor, now.heights) * now.room)
    lastTop.current = element.scrollTop
  }
  useLayoutEffect(() => () => clearTimeout(timer.current), [])

  const move = (next: Anchor) => {
    latest.current = { ...latest.current, anchor: next }
    setAnchor(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(settle, settleMs)
  }
  const onScroll = () => {
    const top = box.current?.scrollTop ?? 0
    const by = top - lastTop.current
    if (by === 0) return
    lastTop.current = top
    const { anchor, heights, room } = latest.current
    const isJump = Math.abs(by) > jumpViews * heights.viewHeight
    const next = isJump ? anchorAt(top / room, heights) : moveAnchor(anchor, by, heights)
    move(next)
    if (isAtEnd(top, room) && !isEnd(next, heights)) settle()
  }
  return { anchor, move, onScroll, current: () => latest.current.anchor }
}

function isAtEnd(top: number, room: number): boolean {
  return top <= 0 || top >= room - 1
}

function isEnd(anchor: Anchor, heights: Heights): boolean {
  if (anchor.index === 0 && anchor.offset === 0) return true
  const end = endAnchor(heights)
  return anchor.index === end.index && anchor.offset === end.offset
}
