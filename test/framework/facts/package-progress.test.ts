import { describe, expect, it } from 'vitest'
import type { FrameworkProgress } from '../../../src/framework/facts/events.ts'
import { reportPackages } from '../../../src/framework/facts/package-progress.ts'

const kib = 1024

describe('reportPackages', () => {
  it('reports each package per MiB, and its end', () => {
    const reported: FrameworkProgress[] = []
    const onProgress = reportPackages((progress) => reported.push(progress))
    for (let fetchedBytes = 64 * kib; fetchedBytes <= 2560 * kib; fetchedBytes += 64 * kib) {
      onProgress({ package: 'node', fetchedBytes, sizeBytes: 2560 * kib })
      onProgress({ package: 'jre', fetchedBytes })
    }
    onProgress({ package: 'small', fetchedBytes: 10, sizeBytes: 10 })
    const bytesOf = (name: string) =>
      reported.flatMap((one) =>
        one.type === 'package.fetching' && one.package === name ? [one.fetchedBytes / kib] : [],
      )
    expect(bytesOf('node')).toEqual([1024, 2048, 2560])
    expect(bytesOf('jre')).toEqual([1024, 2048])
    expect(bytesOf('small')).toEqual([10 / kib])
  })
})
