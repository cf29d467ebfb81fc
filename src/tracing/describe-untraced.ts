/** Says which imports could not be followed, and what to do. */
import { relative } from 'node:path'
import { isInstalled } from './module-paths.ts'
import type { UntracedImport } from './untraced-import.ts'

const maxExpressionLength = 60

/** False for imports of packages, which mostly load plug-ins that nobody has. */
export function isOfUser({ file }: UntracedImport): boolean {
  return !isInstalled(file)
}

/** One line; paths relative to the working folder. */
export function describeUntraced({ file, line, text, why }: UntracedImport): string {
  const place = `${relative(process.cwd(), file)}:${line}`
  const written = shortened(text.replaceAll(/\s+/g, ' '))
  if (why === 'unreadable')
    return `${place}: ${written} cannot be read and does not travel; let this user read it`
  return why === 'missing'
    ? `${place}: ${written} is not installed here and does not travel; install it, or give it as a library (--lib)`
    : `${place}: the import of ${written} is known only when it runs; give what it loads as a library (--lib)`
}

function shortened(text: string): string {
  return text.length <= maxExpressionLength ? text : `${text.slice(0, maxExpressionLength - 1)}…`
}
