import { describe, expect, it } from 'vitest'
import { createPackageBars } from '../../../src/cli/output/package-bars.ts'

describe('createPackageBars', () => {
  it('shows what was read, and all that is fetched as one', () => {
    const packages = createPackageBars()
    expect(packages.bars()).toEqual([])
    packages.showResolving({ pomsRead: 1 })
    packages.showResolving({ pomsRead: 12 })
    packages.showFetching({ package: 'maven:g:a:1', fetchedBytes: 1 })
    packages.showFetching({ package: 'maven:g:a:1', fetchedBytes: 5000, sizeBytes: 10_000 })
    packages.showFetching({ package: 'maven:g:b:1', fetchedBytes: 10_000, sizeBytes: 10_000 })
    expect(packages.bars()).toEqual([
      { label: 'resolve packages', figure: '12 POMs read' },
      {
        label: 'fetch packages',
        progress: { done: 15_000, total: 20_000 },
        figure: '15.0 kB of 20.0 kB, 2 packages',
      },
    ])
  })
})
