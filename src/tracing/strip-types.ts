/** TypeScript to JavaScript, without a check of types. */
import { basename } from 'node:path'
import { isRecord } from '../domain/json.ts'
import { configInvalid } from '../errors.ts'
import type { JarcastError } from '../errors.ts'
import type { Stripped } from './stripped.ts'

/**
 * Replaces types by blanks: lines and columns stay. A module with syntax that is more than types
 * (`enum`, `namespace`, parameter properties, `import x = require()`) is transformed, with a source
 * map. Throws `CONFIG_INVALID` with file, line and column of wrong syntax.
 */
export async function stripTypes(path: string, text: string): Promise<Stripped> {
  // Loaded only for TypeScript.
  const { default: swc } = await import('@swc/wasm-typescript')
  try {
    return { code: swc.transformSync(text, { filename: path, mode: 'strip-only' }).code }
  } catch (fault) {
    if (!isRecord(fault) || fault['code'] !== 'UnsupportedSyntax') throw wrongSyntax(path, fault)
  }
  try {
    const { code, map = '' } = swc.transformSync(text, {
      // In the map; a path of this machine would change the bytes.
      filename: basename(path),
      mode: 'transform',
      sourceMap: true,
      transform: { verbatimModuleSyntax: true, nativeClassProperties: true },
    })
    const encoded = Buffer.from(map).toString('base64')
    const comment = `//# sourceMappingURL=data:application/json;base64,${encoded}\n`
    return { code: code + comment, map }
  } catch (fault) {
    throw wrongSyntax(path, fault)
  }
}

/** swc throws plain objects. */
function wrongSyntax(path: string, fault: unknown): JarcastError {
  const { message, startLine, startColumn } = isRecord(fault) ? fault : {}
  const place = typeof startLine === 'number' ? `:${startLine}:${Number(startColumn) + 1}` : ''
  const why = typeof message === 'string' ? message : String(fault)
  return configInvalid('module', `${path}${place}: ${why}`, fault)
}
