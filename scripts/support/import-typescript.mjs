/** Imports TypeScript in a Node that cannot: bundled by esbuild, without the packages. */
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

// Inside node_modules, so that the bundle finds the packages of this process.
const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/jarcast/', import.meta.url))

/** The exports of the file `path`. */
export function importTypeScript(path) {
  return importBundle({ entryPoints: [path] })
}

/** The exports of one bundle; `options` are esbuild's. */
export async function importBundle(options) {
  mkdirSync(cacheFolder, { recursive: true })
  const outfile = `${cacheFolder}${process.pid}-${bundleCount++}.mjs`
  try {
    await build({
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
      ...options,
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile, { force: true })
  }
}

let bundleCount = 0
