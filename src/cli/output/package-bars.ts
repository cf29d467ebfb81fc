/** Two bars for all packages together: POMs read to resolve them, and bytes fetched. */
import type { PackageProgress, ResolvingProgress } from '../../coordinates/packages/packages.ts'
import type { Bar } from './bar.ts'
import { count, formatBytes } from './printable.ts'

export interface PackageBars {
  showResolving(progress: ResolvingProgress): void
  showFetching(progress: PackageProgress): void
  /** Those that have something to show. */
  bars(): readonly Bar[]
}

export function createPackageBars(): PackageBars {
  const sizes = new Map<string, { readonly fetchedBytes: number; readonly sizeBytes: number }>()
  let pomsRead: number | undefined

  function resolving(): readonly Bar[] {
    if (pomsRead === undefined) return []
    // The total is unknown: there is a number and no bar.
    return [{ label: 'resolve packages', figure: `${count(pomsRead, 'POM')} read` }]
  }

  function fetching(): readonly Bar[] {
    const all = [...sizes.values()]
    if (all.length === 0) return []
    const total = all.reduce((sum, one) => sum + one.sizeBytes, 0)
    const done = all.reduce((sum, one) => sum + one.fetchedBytes, 0)
    const share = done < total ? `${formatBytes(done)} of ` : ''
    const figure = `${share}${formatBytes(total)}, ${count(all.length, 'package')}`
    return [{ label: 'fetch packages', progress: { done, total }, figure }]
  }

  return {
    showResolving(progress) {
      pomsRead = progress.pomsRead
    },
    showFetching({ package: id, fetchedBytes, sizeBytes }) {
      if (sizeBytes !== undefined) sizes.set(id, { fetchedBytes, sizeBytes })
    },
    bars: () => [...resolving(), ...fetching()],
  }
}
