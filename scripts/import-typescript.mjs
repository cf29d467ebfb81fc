/** Imports a TypeScript file in a Node that cannot: bundled by esbuild, packages left where they are. */
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

// Inside node_modules, so that packages resolve from where the bundle is.
const cache = fileURLToPath(new URL('../node_modules/.cache/jarcast/', import.meta.url))

export async function importTypeScript(path) {
  mkdirSync(cache, { recursive: true })
  const outfile = `${cache}${process.pid}-${path.replaceAll(/\W+/g, '-')}.mjs`
  try {
    await build({
      entryPoints: [path],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile, { force: true })
  }
}
