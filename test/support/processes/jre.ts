/** This machine's JRE as an archive. */
import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pathOf } from '../../../scripts/support/machine.mjs'
import { runProgram } from './run-program.ts'

/** The home of the `java` on the PATH. */
function javaHome(): string {
  return dirname(dirname(realpathSync(pathOf('java') ?? '/nowhere')))
}

/** Packs it, links to /etc as files, without what only a JDK has. */
export function packJre(file: string): void {
  const home = javaHome()
  const left = ['src.zip', 'jmods', '*.jsa', 'demo', 'man', 'include', 'legal', 'docs']
  const excludes = left.map((name) => `--exclude=*/${name}`)
  const args = ['-chf', file, '-I', 'gzip -1', ...excludes, '-C', dirname(home), basename(home)]
  // Status 1: a link of the JDK leads nowhere.
  const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8' })
  if (status !== 0 && !/ct\.sym|src\.zip|exit delayed/.test(stderr)) throw new Error(stderr)
}

/** The libraries of this machine that it needs. */
export function librariesOfJre(): readonly string[] {
  const [jvm, zip] = ['server/libjvm.so', 'libzip.so'].map((name) => `${javaHome()}/lib/${name}`)
  return [
    ...new Set(
      [jvm, zip].flatMap((library = '') =>
        Array.from(
          runProgram('ldd', [library]).matchAll(/ (\/lib\S+) \(/g),
          ([, path = '']) => path,
        ),
      ),
    ),
  ]
}
