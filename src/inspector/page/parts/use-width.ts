import { useSignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'

/** Width of an element, in pixels; 0 until it is there. */
export function useWidth(box: { readonly current: HTMLElement | null }): number {
  const width = useSignal(0)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => (width.value = element.clientWidth))
    observer.observe(element)
    width.value = element.clientWidth
    return () => observer.disconnect()
  }, [])
  return width.value
}
