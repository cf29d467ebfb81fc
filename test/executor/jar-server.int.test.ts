import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withoutMac } from '../../src/domain/libraries/signed-path.ts'
import { createJarServer } from '../../src/server/jar-server.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import { createLibraryStore } from '../../src/server/libraries/library-store.ts'
import type { LibraryStore, StagedLibraries } from '../../src/server/libraries/library-store.ts'
import { reportOf } from './support/connection.ts'
import { startHarness } from './support/harness.ts'

const names = ['plain.jar', "it's a jar, (100%) é.jar", 'notes.txt']

let folder: string
let store: LibraryStore
let staged: StagedLibraries
let server: JarServer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-served-'))
  for (const name of names) await writeFile(join(folder, name), `content of ${name}\n`)
  store = await createLibraryStore()
  staged = await store.stage(names.map((name) => join(folder, name)))
  server = createJarServer({ libraries: staged, bind: '127.0.0.1', advertise: '127.0.0.1' })
  await server.start()
})

afterEach(async () => {
  await server.close()
  await store.remove()
  await rm(folder, { recursive: true })
})

describe('an executor at our own jar server', () => {
  it('brings a set with any names into the sandbox', async () => {
    const harness = await startHarness()
    const { id } = staged.set
    const access = server.accessTo(id)
    const manifestUri = withoutMac(server.manifestUri ?? '')
    const librarySet = { id, manifestUri, ...(access && { access }) }
    const command =
      'cd "$JARCAST_LIBRARIES" && cat *; echo "$JARCAST_CLASSPATH" | tr : "\\n" | wc -l'
    harness.agent.launch('t', { kind: 'shell', command }, { librarySet })
    const { logTail } = reportOf(await harness.agent.last('t'))
    for (const name of names) expect(logTail).toContain(`content of ${name}\n`)
    expect(logTail).toMatch(/\n2\n$/)
    await harness.close()
  })

  it('identifies the URIs of its argument by their digests', async () => {
    const harness = await startHarness({ seedUris: server.seedUris().split(',') })
    harness.agent.launch('t', { kind: 'shell', command: 'cat "$JARCAST_LIBRARIES"/*' })
    const { logTail } = reportOf(await harness.agent.last('t'))
    for (const name of names) expect(logTail).toContain(`content of ${name}\n`)
    // For each library, one HEAD for the digest and one GET for the bytes.
    expect(server.stats().requests).toBe(2 * names.length)
    await harness.close()
  })
})
