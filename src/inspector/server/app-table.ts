/** The apps that a page can choose from, and news of them for those who watch. */
import { configInvalid } from '../../errors.ts'
import type { App, AppInfo } from '../protocol/questions.ts'

export interface AppTable {
  /** Adds an app under its id; returns how to remove it. Throws CONFIG_INVALID for a second one. */
  add(app: App): () => void
  get(id: string): App | undefined
  /** In the order in which they were added. */
  infos(): readonly AppInfo[]
  /** Calls the listener after an app was added, has changed, or is gone; returns how to end that. */
  onChange(listener: (id: string) => void): () => void
}

export function createAppTable(): AppTable {
  const apps = new Map<string, App>()
  const listeners = new Set<(id: string) => void>()
  const tell = (id: string) => {
    for (const listener of listeners) listener(id)
  }
  return {
    add(app) {
      const { id } = app.info()
      if (apps.has(id)) throw configInvalid('id', `an app named ${id} is already watched`)
      apps.set(id, app)
      const forget = app.onChange(() => tell(id))
      tell(id)
      return () => {
        if (apps.get(id) !== app) return
        forget()
        apps.delete(id)
        tell(id)
      }
    },
    get: (id) => apps.get(id),
    infos: () => [...apps.values()].map((app) => app.info()),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
