/** Whether a key means what the browser or the system makes of it with Ctrl, Meta or Alt. */
export function hasModifier(press: Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  return press.ctrlKey || press.metaKey || press.altKey
}
