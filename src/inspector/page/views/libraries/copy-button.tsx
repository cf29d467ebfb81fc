import { useState } from 'preact/hooks'

/** Shows a short text, and copies the whole of it. */
export function CopyButton({
  text,
  label,
  what,
}: {
  readonly text: string
  readonly label: string
  readonly what: string
}) {
  const [said, setSaid] = useState<string>()
  const run = async (event: MouseEvent & { readonly currentTarget: HTMLElement }) => {
    const isCopied = await copy(text, event.currentTarget)
    setSaid(isCopied ? 'copied' : 'not copied')
    setTimeout(() => setSaid(undefined), 1200)
  }
  return (
    <button
      type="button"
      class="copy"
      title={`${text}\n(click to copy)`}
      aria-label={said === undefined ? `${label}: copy ${what}` : `${what} ${said}`}
      onClick={(event) => void run(event)}
    >
      {said ?? label}
    </button>
  )
}

/** Pages without TLS on another host have no clipboard object, so the old way must do there. */
async function copy(text: string, button: HTMLElement): Promise<boolean> {
  if ('clipboard' in navigator) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  }
  const field = document.createElement('textarea')
  field.className = 'unseen'
  field.value = text
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  button.focus()
  return isCopied
}
