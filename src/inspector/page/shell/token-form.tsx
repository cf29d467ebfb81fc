import { useEffect, useRef } from 'preact/hooks'
import { keepToken } from '../source/token.ts'

/** Asks for the token, and loads the page again with it. */
export function TokenForm() {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <form
      class="token"
      onSubmit={(event) => {
        event.preventDefault()
        const token = new FormData(event.currentTarget).get('token')
        if (typeof token !== 'string' || token === '') return
        keepToken(token.trim())
        location.reload()
      }}
    >
      <label for="token">
        It is in <code>JARCAST_INSPECT_TOKEN</code>, or in the file that the inspector was given.
      </label>
      <input
        ref={field}
        class="field"
        id="token"
        name="token"
        type="password"
        autoComplete="off"
        required
      />
      <button type="submit">Open</button>
    </form>
  )
}
