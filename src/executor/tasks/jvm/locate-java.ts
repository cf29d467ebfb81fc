/** Finds the `java` of this host. */
import { execFile } from 'node:child_process'
import { hostname } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { JarcastError } from '../../../errors.ts'

/** Returns the first `java` of JAVA_HOME and PATH that starts. Throws `JAVA_MISSING`. */
export async function locateJava(env: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  const home = env['JAVA_HOME'] ?? ''
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = [...(home === '' ? [] : [join(home, 'bin')]), ...folders]
  for (const folder of candidates) {
    const file = join(folder, 'java')
    if (await canRun(file, env)) return file
  }
  throw new JarcastError(
    'JAVA_MISSING',
    `no java found on agent ${hostname()}: install a JRE, e.g. apt-get install default-jre-headless, or ship one with --runtime jre=ARCHIVE`,
  )
}

async function canRun(file: string, env: Readonly<NodeJS.ProcessEnv>): Promise<boolean> {
  try {
    await promisify(execFile)(file, ['-version'], { env, timeout: 30_000 })
    return true
  } catch {
    return false
  }
}

/**
 * Sets a locale where there is none. Java reads arguments and file names in the encoding of the
 * locale; agents start executors without one, and the C locale has only ASCII. Java has no option
 * for this.
 */
export function localeOf(env: Readonly<NodeJS.ProcessEnv>): Readonly<Record<string, string>> {
  const isSet = ['LC_ALL', 'LC_CTYPE', 'LANG'].some((name) => (env[name] ?? '') !== '')
  return isSet ? {} : { LC_ALL: 'C.UTF-8' }
}
