import type { Framework } from '../../framework/framework.ts'
import { findSandbox, readOutputTail } from '../local/sandbox.ts'
import type { RunReport } from '../report/run-report.ts'
import type { Master } from './master.ts'

/**
 * Shows the last output of each failed executor of a local cluster: its sandbox is removed, and no
 * event says why it did not start.
 */
export function showExecutorFailures(
  framework: Framework,
  { cluster }: Master,
  report: RunReport,
): void {
  const shown = new Map<string, string>()
  framework.on('executor.failed', ({ agentId, executorId, status }) => {
    const { frameworkId } = framework
    if (cluster === undefined || frameworkId === undefined || status === 0) return
    if (agentId === undefined || executorId === undefined) return
    const sandbox = findSandbox(cluster, { agentId, frameworkId, executorId })
    const tail = sandbox === undefined ? '' : readOutputTail(sandbox, 'stderr')
    // The next attempt mostly fails for the same reason, after other lines of the fetcher.
    const reason = tail.trimEnd().split('\n').at(-1) ?? ''
    if (shown.get(executorId) === reason) return
    shown.set(executorId, reason)
    if (tail !== '') report.note(`its last output:\n${tail.replaceAll(/^/gm, '    ')}`)
  })
}
