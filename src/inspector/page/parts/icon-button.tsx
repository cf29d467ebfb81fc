import { Icon, type IconName } from './icon.tsx'

/** A button that shows an icon only. */
export function IconButton({
  icon,
  label,
  hint = label,
  onClick,
}: {
  readonly icon: IconName
  readonly label: string
  /** Shown under the pointer: the label with a key, for example. */
  readonly hint?: string
  readonly onClick: () => void
}) {
  return (
    <button type="button" class="quiet" title={hint} aria-label={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}
