import type { ComponentChildren } from 'preact'

/** A button that is on or off. */
export function Toggle({
  isOn,
  onToggle,
  name,
  hint = name,
  children,
}: {
  readonly isOn: boolean
  readonly onToggle: (isOn: boolean) => void
  /** Of a button whose content is a symbol. */
  readonly name?: string
  readonly hint?: string
  readonly children: ComponentChildren
}) {
  return (
    <button
      type="button"
      class="toggle"
      title={hint}
      aria-label={name}
      aria-pressed={isOn}
      onClick={() => onToggle(!isOn)}
    >
      {children}
    </button>
  )
}
