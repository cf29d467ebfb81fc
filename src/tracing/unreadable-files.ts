import { access, constants, readFile } from 'node:fs/promises'
import type { NodeFileTraceReasons } from '@vercel/nft'
import { basename, relative } from 'node:path'
import { isCode } from './module-paths.ts'
import type { UntracedImport } from './untraced-import.ts'

/** The paths that this user can read, and who needs the others. */
export async function withoutUnreadable(
  paths: readonly string[],
  reasons: NodeFileTraceReasons,
): Promise<{ readonly paths: readonly string[]; readonly untraced: readonly UntracedImport[] }> {
  const unreadable = new Set<string>()
  await Promise.all(
    paths.map((path) => access(path, constants.R_OK).catch(() => unreadable.add(path))),
  )
  const untraced: UntracedImport[] = []
  for (const path of unreadable)
    for (const parent of reasons.get(path.slice(1))?.parents ?? [])
      untraced.push(await needBy(`/${parent}`, path))
  return { paths: paths.filter((path) => !unreadable.has(path)), untraced }
}

async function needBy(file: string, path: string): Promise<UntracedImport> {
  const text = isCode(file) ? await readFile(file, 'utf8').catch(() => '') : ''
  const line = text.slice(0, Math.max(0, text.indexOf(basename(path)))).split('\n').length
  return { file, line, text: relative(process.cwd(), path), why: 'unreadable' }
}
