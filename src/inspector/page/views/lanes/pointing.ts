/** What the pointer is on, and what it does there. */
import { useState } from 'preact/hooks'
import { rangeBetween, type LanesState } from './lanes-state.ts'

/** A click chooses an entry; a drag over several, or Shift and a click, chooses a range. */
export function useDrag({ range }: LanesState, chosen: () => number, go: (seq: number) => void) {
  const [start, setStart] = useState<number>()
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0 && event.pointerType !== 'touch') setStart(seqAt(event))
    },
    onPointerMove: (event: PointerEvent) => {
      const seq = seqAt(event)
      if (start === undefined || seq === undefined || event.buttons === 0) return
      if (seq !== start || range.peek() !== undefined) range.value = rangeBetween(start, seq)
    },
    onClick: (event: MouseEvent) => {
      const seq = seqAt(event)
      setStart(undefined)
      if (seq === undefined) return
      if (event.shiftKey) range.value = rangeBetween(chosen(), seq)
      else if (seq === start) {
        range.value = undefined
        go(seq)
      }
    },
  }
}

/** The arrow below the pointer: its entry, and its number among the arrows drawn there. */
export function arrowPlace(
  event: Event,
): { readonly seq: number; readonly arrow: number } | undefined {
  const seq = seqAt(event)
  const arrow = numberAt(event, 'data-arrow')
  return seq === undefined || arrow === undefined ? undefined : { seq, arrow }
}

function seqAt(event: Event): number | undefined {
  return numberAt(event, 'data-seq')
}

function numberAt({ target }: Event, name: string): number | undefined {
  const element = target instanceof Element ? target.closest(`[${name}]`) : null
  return element === null ? undefined : Number(element.getAttribute(name))
}
