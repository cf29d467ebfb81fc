/** The page of a framework: its server, and the runs that it lists. Loaded by who asks for it. */
import { randomUUID } from 'node:crypto'
import { Charts } from '../inspector/chart/charts.ts'
import { listLive } from '../inspector/server/list-live.ts'
import { readToken } from '../inspector/server/read-token.ts'
import { startInspectorServer } from '../inspector/server/inspector-server.ts'
import type { Framework } from './framework.ts'
import { openFrameworkApp } from './inspection/framework-app.ts'
import { createJournalOpener } from './inspection/journal-app.ts'
import { watchLibraries } from './inspection/library-watch.ts'
import { createSandbox } from './inspection/sandbox.ts'
import type { Watchable } from './inspection/watchable.ts'
import { createTaskFiles } from './sandbox/task-files.ts'
import { placeOfTask } from './sandbox/task-place.ts'

export interface InspectFrameworkOptions {
  /** Address to listen on. Default `127.0.0.1`. Any other than a loopback address needs a token. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** File with the token. Default: the environment variable `JARCAST_INSPECT_TOKEN`. */
  readonly tokenFile?: string
  /** Origins whose web pages may send frames and read, such as `http://localhost:5173`. */
  readonly origins?: readonly string[]
  /**
   * True: the page may kill tasks, ask for offers and add libraries, as calls of the user. Default
   * false.
   */
  readonly control?: boolean
}

export interface FrameworkInspector {
  /** What to open in a browser: `http://127.0.0.1:41234/`. */
  readonly url: string
  /** Ends the page; the run continues. */
  close(): Promise<void>
}

/** Opens the page. Rejects as `inspectFramework` does. */
export async function openInspectorPage(
  framework: Framework,
  watchable: Watchable,
  { tokenFile, control = false, ...options }: InspectFrameworkOptions,
): Promise<FrameworkInspector> {
  const charts = new Charts()
  const token = readToken(tokenFile)
  const server = await startInspectorServer({
    ...options,
    token,
    charts,
    openJournal: createJournalOpener(charts),
    isBackground: true,
  })
  const watch = watchLibraries(framework)
  const { name, credentials, tls } = watchable
  let endListing = (): void => undefined
  const forget = watchable.onRun((run) => {
    const files = createTaskFiles({ masterUrl: run.masterUrl, credentials, tls })
    const sandbox = createSandbox({
      files,
      placeOf: (taskId) => framework.snapshot && placeOfTask(framework.snapshot, taskId),
    })
    const id = randomUUID()
    const settings = { id, name, charts, isControlled: control, sandbox, watch }
    const endList = listLive(server, () => openFrameworkApp(framework, run, settings))
    endListing = () => {
      endList()
      files.close()
    }
  })
  return {
    url: server.url,
    async close() {
      forget()
      endListing()
      watch.close()
      await server.close()
    },
  }
}
