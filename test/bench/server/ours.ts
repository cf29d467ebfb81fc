/** The jar server in a process of its own, as its peers are. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { cpuSecondsOfFamily } from '../support/process-usage.ts'
import type { Ends, Peer } from './peers.ts'

const program = `
import { createJarServer } from './src/server/jar-server.ts'
import { createLibraryStore } from './src/server/libraries/library-store.ts'
const { files, tls } = JSON.parse(process.argv[2])
const store = await createLibraryStore()
const libraries = await store.stage(files)
const server = createJarServer({ bind: '127.0.0.1', libraries, ...(tls && { tls }) })
await server.start()
const uris = Object.fromEntries(libraries.blobs.map(({ name }) => [name, server.uriOf(name)]))
console.log(JSON.stringify(uris))
process.once('SIGTERM', async () => {
  await server.close(0)
  await store.remove()
})
`

export interface OursOptions {
  /** Paths of the files to serve. */
  readonly files: readonly string[]
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
}

export async function startOurs(options: OursOptions, ends: Ends): Promise<Peer> {
  // Beside node_modules, where it finds the packages that are not bundled.
  const outfile = resolve('node_modules/.cache/jarcast', `jar-server-${process.pid}.mjs`)
  ends.push(() => rm(outfile, { force: true }))
  await build({
    stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  })
  const child = spawn(process.execPath, [outfile, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ends.push(() => child.kill())
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const uris: Readonly<Record<string, string>> = JSON.parse(line)
  const urlOf = (file: string): URL => new URL(uris[file] ?? '')
  return {
    name: 'ours',
    port: Number(urlOf(Object.keys(uris)[0] ?? '').port),
    cpuSeconds: () => cpuSecondsOfFamily(child.pid ?? 0),
    pathOf: (file) => urlOf(file).pathname,
  }
}
