import { useState } from 'preact/hooks'
import { control } from '../../state/control.ts'
import type { Page } from '../../state/page.ts'

/** Adds a library to the running framework, for the tasks to come. */
export function AddLibrary({ page }: { readonly page: Page }) {
  const [coordinate, setCoordinate] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function add(): Promise<void> {
    setBusy(true)
    const command = { kind: 'addLibrary', coordinate } as const
    const isAdded = await control(page, command, `Added ${coordinate}.`)
    // What was typed meanwhile stays.
    if (isAdded) setCoordinate((typed) => (typed === coordinate ? '' : typed))
    setBusy(false)
  }

  return (
    <form
      class="bar"
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <label class="field grow">
        <span class="unseen">Library to add</span>
        <input
          required
          maxLength={1000}
          placeholder="maven:GROUP:ARTIFACT:VERSION, npm:NAME@RANGE, or a path"
          value={coordinate}
          onInput={(event) => setCoordinate(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={isBusy}>
        {isBusy ? 'Adding …' : 'Add library'}
      </button>
    </form>
  )
}
