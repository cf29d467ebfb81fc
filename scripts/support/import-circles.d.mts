export interface Import {
  readonly from: string
  readonly to: string
}

export function findFileCircles(imports: readonly Import[]): string[]
export function findFolderCircles(imports: readonly Import[], layer: string): string[]
