import { useRef } from 'preact/hooks'
import type { AppInfo } from '../../protocol/questions.ts'
import { Icon } from '../parts/icon.tsx'
import { openRun, saveRun } from '../source/files.ts'
import type { SavedAs } from '../source/files.ts'
import { tell } from '../state/moves.ts'
import type { Page } from '../state/page.ts'

/** Opens a journal, or saved frames, from the reader's disk. */
export function ImportButton({ page }: { readonly page: Page }) {
  const input = useRef<HTMLInputElement>(null)
  if (['saved', 'locked'].includes(page.connection.value)) return null
  return (
    <>
      <button
        type="button"
        class="quiet"
        title="Open a journal or saved frames"
        onClick={() => input.current?.click()}
      >
        <Icon name="import" /> <span class="word">Open</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="A journal or saved frames"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file !== undefined) void importFile(page, file)
        }}
      />
    </>
  )
}

/** A file may also be dropped anywhere on the page. */
export function bindDrop(page: Page): void {
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    event.preventDefault()
    const [file] = event.dataTransfer?.files ?? []
    if (file !== undefined && page.connection.value !== 'saved') void importFile(page, file)
  })
}

async function importFile(page: Page, file: File): Promise<void> {
  const app = await tell(page, openRun(file))
  if (app !== undefined) page.choose({ app })
}

/** Saves the run as files, of the kinds that it can be saved as. */
export function ExportButtons({ page, app }: { readonly page: Page; readonly app: AppInfo }) {
  if (page.connection.value === 'saved') return null
  const save = (as: SavedAs) => void tell(page, saveRun(app.id, app.name, as))
  return (
    <>
      {app.features.includes('export') && (
        <button
          type="button"
          class="quiet"
          title="Save this run as a file, which any inspector opens"
          onClick={() => save('lines')}
        >
          <Icon name="export" /> <span class="word">Save</span>
        </button>
      )}
      {app.features.includes('exportPage') && (
        <button
          type="button"
          class="quiet"
          title="Save this run as a page, which opens without a server and a network"
          onClick={() => save('page')}
        >
          <Icon name="export" /> HTML
        </button>
      )}
    </>
  )
}
