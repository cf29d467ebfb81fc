import { useEffect, useState } from 'preact/hooks'

/** How long the second click is waited for. */
const sureMs = 4_000

/** A button for what cannot be taken back: it acts on a second click. */
export function SureButton({
  label,
  sure,
  onClick,
}: {
  readonly label: string
  /** Label until the second click. */
  readonly sure: string
  readonly onClick: () => void
}) {
  const [isSure, setSure] = useState(false)
  useEffect(() => {
    if (!isSure) return
    const timer = setTimeout(() => setSure(false), sureMs)
    return () => clearTimeout(timer)
  }, [isSure])
  return (
    <button
      type="button"
      class={isSure ? 'bad' : undefined}
      onClick={() => {
        setSure(!isSure)
        if (isSure) onClick()
      }}
    >
      {isSure ? sure : label}
    </button>
  )
}
