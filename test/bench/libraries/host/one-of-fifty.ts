/** A set of fifty libraries, one of which changes, on a host that has the set; beside a zip of all of them. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJarServer } from '../../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../../src/server/libraries/library-store.ts'
import { startHarness } from '../../../executor/support/harness.ts'
import type { Figure } from '../../support/measure.ts'

const count = 50
const sizeBytes = 200_000

export async function* oneOfFifty(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'one-of-fifty-'))
  const paths = Array.from({ length: count }, (_, index) => join(folder, `${index}.jar`))
  for (const path of paths) await writeFile(path, randomBytes(sizeBytes))
  const store = await createLibraryStore(join(folder, 'store'))
  let requests = 0
  let bytes = 0
  const server = createJarServer({
    open: true,
    bind: '127.0.0.1',
    onRequest: ({ sentBytes }) => {
      requests += 1
      bytes += sentBytes
    },
  })
  await server.start()
  const harness = await startHarness()
  const runWith = async (taskId: string): Promise<void> => {
    const staged = await store.stage(paths)
    const librarySet = { id: staged.set.id, manifestUri: server.add(staged) }
    requests = 0
    bytes = 0
    harness.agent.launch(taskId, { kind: 'shell', command: 'true' }, { librarySet })
    await harness.agent.last(taskId)
  }
  try {
    await runWith('first')
    await writeFile(paths[7] ?? '', randomBytes(sizeBytes))
    await runWith('second')
    const what = `1 library of ${count} changed`
    yield { case: `${what}: requests, the manifest's among them`, value: requests, unit: '' }
    yield {
      case: `${what}: bytes on the wire`,
      value: bytes,
      unit: 'B',
      peer: 'a zip of all',
      peerValue: count * sizeBytes,
      ratio: bytes / (count * sizeBytes),
    }
  } finally {
    await harness.close()
    await server.close(0)
    await rm(folder, { recursive: true })
  }
}
