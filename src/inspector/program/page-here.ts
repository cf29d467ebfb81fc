/** The page of a program, on a port of this host. */
import { randomUUID } from 'node:crypto'
import type { Charts } from '../chart/charts.ts'
import { openFrameApp } from '../frame-app/open-frame-app.ts'
import type { FrameApp } from '../frame-app/open-frame-app.ts'
import type { InspectorServer } from '../server/inspector-server.ts'
import type { FrameReader } from './program-watch.ts'

/** Characters of frames kept. */
const maxChars = 64e6

/** Shows frames on the page of a server, and to its receivers, from the first frame on. */
export function showHere(
  { apps, receivers }: Pick<InspectorServer, 'apps' | 'receivers'>,
  charts: Charts,
  name: string | undefined,
): Pick<FrameReader, 'take' | 'noteLost'> & Pick<FrameApp, 'end'> {
  const id = randomUUID()
  const options = { id, charts, limits: { maxChars } }
  const app = openFrameApp(name === undefined ? options : { ...options, name })
  let isListed = false
  return {
    take(made) {
      // A copy: what the program changes later does not change what was shown.
      const frame = app.take(JSON.stringify(made))
      if (!isListed) apps.add(app)
      isListed = true
      if (frame !== undefined) receivers.send(id, frame)
    },
    noteLost: app.noteLost,
    end: app.end,
  }
}
