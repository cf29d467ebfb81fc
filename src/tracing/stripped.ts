/** JavaScript that was TypeScript, and the lines of the original. */
import { SourceMap } from 'node:module'
import { parseJson } from '../domain/json.ts'

export interface Stripped {
  readonly code: string
  /** A source map as JSON; undefined if lines and columns are those of the original. */
  readonly map?: string
}

/** The line of a position in the code, from 1, as it is in the original. */
export function originalLine({ code, map }: Stripped, position: number): number {
  const before = code.slice(0, position).split('\n')
  const line = before.length
  if (map === undefined) return line
  const sourceMap = new SourceMap(parseJson(map) as ConstructorParameters<typeof SourceMap>[0])
  const found = sourceMap.findEntry(line - 1, before.at(-1)?.length ?? 0)
  return 'originalLine' in found ? found.originalLine + 1 : line
}
