/** The apps that a page can choose from, and news of them for those who watch. */
import { configInvalid } from '../../errors.ts'
import type { Frame } from '../protocol/frames.ts'
import type { FrameReader } from '../replay-app/frames/send-frames.ts'
import type { App, AppInfo } from '../protocol/questions.ts'

/** An app that can also be shown by receivers of the standard protocol. */
export type ListedApp = App & {
  /** Of a run: sends its frames to one receiver until the returned function is called. */
  readonly frames?: (reader: FrameReader) => () => void
  /** Of a program: one frame for each actor that there is now, parents first. */
  readonly actorFrames?: () => Iterable<Frame>
  /** The run as lines of a file: a journal, or frames. Needs the feature `export`. */
  readonly save?: () => Iterable<string> | AsyncIterable<string>
  /** The run as pieces of an HTML file. Needs the feature `exportPage`. */
  readonly savePage?: () => AsyncIterable<string>
}

export interface AppTable {
  /** Adds an app under its id; returns how to remove it. Throws CONFIG_INVALID for a second one. */
  add(app: ListedApp): () => void
  get(id: string): ListedApp | undefined
  /** Actors of an app, or of all apps that are not over. */
  actorFrames(id: string | undefined): Iterable<readonly [app: string, frame: Frame]>
  /** In the order in which they were added. */
  infos(): readonly AppInfo[]
  /** Calls the listener after an app was added, has changed, or is gone; returns how to end that. */
  onChange(listener: (id: string) => void): () => void
}

export function createAppTable(): AppTable {
  const apps = new Map<string, ListedApp>()
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
    *actorFrames(wanted) {
      for (const [id, app] of apps) {
        if (wanted === undefined ? app.info().isOver : id !== wanted) continue
        for (const frame of app.actorFrames?.() ?? []) yield [id, frame]
      }
    },
    infos: () => [...apps.values()].map((app) => app.info()),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
