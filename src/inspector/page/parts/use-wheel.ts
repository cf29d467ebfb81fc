import { useEffect } from 'preact/hooks'

/**
 * Calls for each turn of the wheel over an element, which then moves nothing else: a listener that
 * a component gives may be passive, and the page would scroll too. The first `onWheel` is kept.
 */
export function useWheel(
  box: { readonly current: HTMLElement | null },
  onWheel: (event: WheelEvent) => void,
): void {
  useEffect(() => {
    const element = box.current
    const turn = (event: WheelEvent) => {
      event.preventDefault()
      onWheel(event)
    }
    element?.addEventListener('wheel', turn, { passive: false })
    return () => element?.removeEventListener('wheel', turn)
  }, [])
}
