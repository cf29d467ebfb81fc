/** The last line of a run: where to look next. */
export interface NextStepOptions {
  /** Folder of `--journal`. */
  readonly journal: string | undefined
  /** The sandboxes ended with the run, as those of `--master local` do. */
  readonly isClusterOver: boolean
  readonly hasFailures: boolean
}

/** Undefined where all went well and nothing was kept. */
export function nextStep(options: NextStepOptions): string | undefined {
  const { journal, isClusterOver, hasFailures } = options
  if (journal !== undefined) {
    const folder = quoted(journal)
    const pages = `jarcast inspect ${folder} (a page), jarcast replay ${folder} (text)`
    const output = isClusterOver ? '' : `, jarcast logs TASK --journal ${folder} (output)`
    return `see this run again: ${pages}${output}`
  }
  if (!hasFailures) return undefined
  return 'nothing of this run was kept: with --journal DIR, jarcast inspect DIR shows it afterwards'
}

/** A word of a shell. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
