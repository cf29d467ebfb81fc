/** Requested versions of one artifact that are not used. */
export interface Conflict {
  /** Id of the used version. */
  readonly used: string
  readonly unused: readonly { readonly version: string; readonly neededBy: string }[]
}
