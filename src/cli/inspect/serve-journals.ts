/** The page of recorded runs, until a signal ends it. */
import { Charts } from '../../inspector/chart/charts.ts'
import { startInspectorServer } from '../../inspector/server/inspector-server.ts'
import { openTerminal } from '../output/terminal.ts'
import { untilStopSignal } from '../process/stop-signals.ts'
import { createJournalOpener, openJournalApp } from '../../framework/inspection/journal-app.ts'
import { openRuns } from './open-runs.ts'

/** Serves the page, and prints its address. Rejects as `openRuns`. */
export async function serveJournals(
  paths: readonly string[],
  { port, machine }: { readonly port: number; readonly machine?: string },
): Promise<void> {
  const stopped = untilStopSignal()
  const charts = new Charts()
  const apps = (await openRuns(paths, machine)).map((run) => openJournalApp(run, charts))
  const server = await startInspectorServer({
    port,
    charts,
    openJournal: createJournalOpener(charts),
  })
  for (const app of apps) server.apps.add(app)
  openTerminal(process.stdout).print(`inspector at ${server.url}`)
  await stopped
  for (const app of apps) app.close()
  await server.close()
}
