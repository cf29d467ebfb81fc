/** Writes small projects for tests of tracing. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes files by path; a value `-> target` is a symbolic link. Returns the folder. */
export function makeProject(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jarcast-test-project-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    const link = /^-> (.*)$/.exec(content.toString('latin1'))?.[1]
    if (link === undefined) writeFileSync(target, content)
    else symlinkSync(link, target)
  }
  return folder
}

/** The files of an installed package with this module. */
export function packageFiles(
  name: string,
  main: string,
  fields: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  const manifest = { name, version: '1.0.0', main: 'index.js', ...fields }
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify(manifest),
    [`node_modules/${name}/index.js`]: main,
  }
}
