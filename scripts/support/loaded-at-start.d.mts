export interface LoadedImport {
  readonly from: string
  readonly to: string | undefined
  readonly specifier: string
  readonly isLater: boolean
}

export function findLoaded(
  imports: readonly LoadedImport[],
  start: string,
  isUnwanted: (target: string) => boolean,
): string[]
