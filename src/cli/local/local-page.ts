/** The page of a local cluster: it shows programs that send frames, and journals opened there. */
import { createJournalOpener } from '../../framework/inspection/journal-app.ts'
import { Charts } from '../../inspector/chart/charts.ts'
import { startInspectorServer } from '../../inspector/server/inspector-server.ts'
import type { InspectorServer } from '../../inspector/server/inspector-server.ts'
import { readToken } from '../../inspector/server/read-token.ts'
import type { toPageOptions } from '../flags/inspect-flags.ts'

type PageOptions = NonNullable<ReturnType<typeof toPageOptions>>

/** Rejects with what `startInspectorServer` and `readToken` throw. */
export async function openLocalPage({
  tokenFile,
  ...address
}: PageOptions): Promise<InspectorServer> {
  const token = readToken(tokenFile)
  const charts = new Charts()
  const server = await startInspectorServer({
    ...address,
    charts,
    isBackground: true,
    token,
    openJournal: createJournalOpener(charts),
  })
  process.stderr.write(`inspector at ${server.url}\n`)
  return server
}
