/** The last line of a run: where to look next. */
export interface NextStepOptions {
  /** Folder of `--journal`. */
  readonly journal: string | undefined
  readonly hasFailures: boolean
}

/** Undefined where all went well and nothing was kept. */
export function nextStep({ journal, hasFailures }: NextStepOptions): string | undefined {
  if (journal !== undefined) {
    const folder = quoted(journal)
    const pages = `jarcast inspect ${folder} (a page), jarcast replay ${folder} (text)`
    return `see this run again: ${pages}, jarcast logs TASK --journal ${folder} (output)`
  }
  if (!hasFailures) return undefined
  return 'nothing of this run was kept: with --journal DIR, jarcast inspect DIR shows it afterwards'
}

/** A word of a shell. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
