/** An import whose target does not travel. */
export interface UntracedImport {
  readonly file: string
  readonly line: number
  /** The expression or specifier, as it is written. */
  readonly text: string
  /**
   * `computed`: known only when it runs; `missing`: nothing has this name here; `unreadable`: this
   * user may not read the file.
   */
  readonly why: 'computed' | 'missing' | 'unreadable'
}
