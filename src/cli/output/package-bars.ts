/** Two bars for all packages together: POMs read to resolve them, and bytes fetched. */
import type { MultiBar, SingleBar } from 'cli-progress'
import type { PackageProgress, ResolvingProgress } from '../../coordinates/packages/packages.ts'
import { padLabel } from './multi-bar.ts'
import { count, formatBytes } from './printable.ts'

export interface PackageBars {
  showResolving(progress: ResolvingProgress): void
  showFetching(progress: PackageProgress): void
}

/** Makes each bar once it has something to show. */
export function createPackageBars(bars: MultiBar): PackageBars {
  const sizes = new Map<string, { readonly fetchedBytes: number; readonly sizeBytes: number }>()
  let resolving: SingleBar | undefined
  let fetching: SingleBar | undefined

  return {
    showResolving({ pomsRead }) {
      // The total is unknown: there is a number and no bar.
      resolving ??= bars.create(0, 0, { label: padLabel('resolve packages'), figure: '' })
      resolving.update(0, { figure: `${count(pomsRead, 'POM')} read` })
    },
    showFetching({ package: id, fetchedBytes, sizeBytes }) {
      if (sizeBytes === undefined) return
      sizes.set(id, { fetchedBytes, sizeBytes })
      const all = [...sizes.values()]
      const totalBytes = all.reduce((sum, one) => sum + one.sizeBytes, 0)
      const doneBytes = all.reduce((sum, one) => sum + one.fetchedBytes, 0)
      const share = doneBytes < totalBytes ? `${formatBytes(doneBytes)} of ` : ''
      const figure = `${share}${formatBytes(totalBytes)}, ${count(all.length, 'package')}`
      fetching ??= bars.create(1, 0, { label: padLabel('fetch packages'), figure })
      fetching.setTotal(Math.max(1, totalBytes))
      fetching.update(totalBytes === 0 ? 1 : doneBytes, { figure })
    },
  }
}
