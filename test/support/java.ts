import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const javaCommand = process.env['JAVA_HOME']
  ? join(process.env['JAVA_HOME'], 'bin/java')
  : 'java'

/** False, and the reason printed, on a machine without a Java runtime. */
export function hasJava(): boolean {
  if (spawnSync(javaCommand, ['-version'], { stdio: 'ignore' }).status === 0) return true
  console.log('skipped: needs java (apt-get install default-jre-headless)')
  return false
}

/** A real jar with thousands of classes, from an npm package; its main class minifies a script. */
export const compilerJar = createRequire(import.meta.url).resolve(
  'google-closure-compiler-java/compiler.jar',
)
export const compilerClass = 'com.google.javascript.jscomp.CommandLineRunner'
