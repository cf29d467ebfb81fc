/** Apps on a page: what the tests in Chromium open. */
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { openJournalApp } from '../../../src/framework/inspection/journal-app.ts'
import { openRecordedRuns } from '../../../src/framework/inspection/recorded-run.ts'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import type { App } from '../../../src/inspector/protocol/questions.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import type {
  InspectorServer,
  InspectorServerOptions,
} from '../../../src/inspector/server/inspector-server.ts'

/** A server with these apps, closed at the end of the test. */
export async function serve(...apps: readonly App[]): Promise<InspectorServer> {
  const server = await openServer()
  for (const app of apps) server.apps.add(app)
  return server
}

/** A server without an app, closed at the end of the test. */
export async function openServer(options?: InspectorServerOptions): Promise<InspectorServer> {
  const server = await startInspectorServer({ charts: new Charts(), ...options })
  onTestFinished(() => server.close())
  return server
}

/** The page of a journal, until the end of the test. */
export async function serveJournal(path: string): Promise<InspectorServer> {
  const charts = new Charts()
  const apps = openRecordedRuns([path]).map((run) => openJournalApp(run, charts))
  onTestFinished(() => apps.forEach((app) => app.close()))
  return await serve(...apps)
}

/** Path of a recorded run of test/fixtures/journals. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/journals/${name}.ndjson`, import.meta.url))
}
