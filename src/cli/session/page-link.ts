import type { Framework } from '../../framework/framework.ts'
import type { JarServerFlags } from '../flags/jar-server-flags.ts'
import { writePrivately } from '../process/write-privately.ts'
import type { RunReport } from '../report/run-report.ts'

/**
 * Shows the link to the status page on a terminal, and writes it to the file of `--page-link`, for
 * its owner only. It is never logged: it gives access to everybody who has it.
 * Throws `CONFIG_INVALID` if the file cannot be written.
 */
export function showPageLink(
  framework: Framework,
  { pageLink }: Pick<JarServerFlags, 'pageLink'>,
  { terminal, note }: RunReport,
): void {
  // Fails before the start if it cannot be written.
  if (pageLink !== undefined) writePrivately(pageLink, '')
  framework.on('jarServer.started', () => {
    const { pageUri, authority = '' } = framework.jarServer ?? {}
    if (pageUri === undefined) return
    if (terminal.isInteractive) note(`status page: ${pageUri}`)
    if (pageLink !== undefined) writePrivately(pageLink, `${pageUri}\n${authority}`)
  })
}
