/** A class-path report as a table. */
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import { count, printable } from '../output/printable.ts'
import { tableLines } from '../output/table.ts'
import type { TableLook } from '../output/table.ts'

interface Row {
  readonly what: string
  readonly name: string
  readonly used: string
  readonly others: string
  readonly isHarmful: boolean
}

const heads = ['finding', 'what', 'used', 'not used']
const maxExamples = 3
const maxSplitRows = 20

/** The class path, a row per finding (harmful ones in red), and a line with the verdict. */
export function classPathTable(report: ClassPathReport, look: TableLook): string {
  const rows = [
    ...unreadableRows(report),
    ...versionRows(report),
    ...duplicateRows(report),
    ...splitRows(report),
  ]
  const order = report.classPath.map((name, index) => `${index + 1}. ${printable(name)}`).join('\n')
  const parts = [order, ...(rows.length === 0 ? [] : [tableOf(rows, look)]), verdict(report)]
  return parts.join('\n\n')
}

function tableOf(rows: readonly Row[], look: TableLook): string {
  const { red, dim } = look.colours
  const cells = rows.map(({ what, name, used, others }) => [what, name, used, others])
  const paint = (text: string, row: number, column: number): string => {
    if (column > 0) return text
    return rows[row]?.isHarmful === true ? red(text) : dim(text)
  }
  return tableLines({ heads, rows: cells, paint, isFramed: false }, look).join('\n')
}

function unreadableRows({ unreadable }: ClassPathReport): readonly Row[] {
  return unreadable.map(({ jar, reason }) => {
    return { what: 'unreadable', name: reason, used: '', others: jar, isHarmful: true }
  })
}

function versionRows({ versions }: ClassPathReport): readonly Row[] {
  return versions.map(({ artifact, source, versions: found }) => {
    const [used = '', ...others] = found.map(({ version, jar }) => `${version} in ${jar}`)
    const name = source === 'pom' ? artifact : `${artifact} (by ${source})`
    return { what: 'versions', name, used, others: others.join(', '), isHarmful: true }
  })
}

function duplicateRows({ duplicates }: ClassPathReport): readonly Row[] {
  return duplicates.flatMap(({ used, unused, different, identical }) => {
    const others = unused.join(', ')
    const rowOf = (what: string, names: readonly string[], isHarmful: boolean): readonly Row[] =>
      names.length === 0 ? [] : [{ what, name: examplesOf(names), used, others, isHarmful }]
    return [
      ...rowOf('different classes', different, true),
      ...rowOf('same classes', identical, false),
    ]
  })
}

function splitRows({ splitPackages }: ClassPathReport): readonly Row[] {
  // Guarded packages first, each group by name: the sort is stable.
  const sorted = splitPackages.toSorted((one, other) => +other.isGuarded - +one.isGuarded)
  const rows = sorted.slice(0, maxSplitRows).map(({ name, jars, isGuarded }) => {
    const what = isGuarded ? 'split, signed or sealed' : 'split package'
    return { what, name, used: jars.join(', '), others: '', isHarmful: isGuarded }
  })
  const rest = splitPackages.length - rows.length
  const name = `… and ${count(rest, 'more package')}`
  const more = { what: 'split package', name, used: '', others: '', isHarmful: false }
  return rest === 0 ? rows : [...rows, more]
}

function examplesOf(names: readonly string[]): string {
  const rest = names.length - maxExamples
  const more = rest > 0 ? ` and ${rest} more` : ''
  return `${names.slice(0, maxExamples).join(', ')}${more}`
}

function verdict({ classCount, classPath, isHarmful }: ClassPathReport): string {
  const what = `${count(classCount, 'class', 'classes')} in ${count(classPath.length, 'jar')}`
  return `${what}: ${isHarmful ? 'tasks may load a wrong class or version' : 'no harmful conflict'}`
}
