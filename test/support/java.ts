import { createRequire } from 'node:module'
import { hasTool } from '../../scripts/support/machine.mjs'

export const hasJava = (): boolean => hasTool('java')

/** A real jar with thousands of classes, from an npm package; its main class minifies a script. */
export const compilerJar = createRequire(import.meta.url).resolve(
  'google-closure-compiler-java/compiler.jar',
)
export const compilerClass = 'com.google.javascript.jscomp.CommandLineRunner'
