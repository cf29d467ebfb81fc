/** The inspector of a running framework: a page on this host that shows the run and its past. */
import { configInvalid } from '../errors.ts'
import type { Framework } from './framework.ts'
import { findWatchable } from './inspection/watchable.ts'
import type { FrameworkInspector, InspectFrameworkOptions } from './inspector-page.ts'

/**
 * Shows a framework on a page, from the start of its run if it has a journal, or if this is called
 * before. Without a journal, a run of more than 20,000 entries that nobody has watched is shown
 * from the opening of a page on. The page does not keep the process alive. Rejects with
 * INSPECTOR_FAILED where it cannot listen, and with CONFIG_INVALID for an address that needs a
 * token, or an object that is no framework.
 */
export async function inspectFramework(
  framework: Framework,
  options: InspectFrameworkOptions = {},
): Promise<FrameworkInspector> {
  const watchable = findWatchable(framework)
  if (watchable === undefined) throw configInvalid('framework', 'it is none of createFramework')
  // Page, server and charts are of no use to a program that opens no page.
  const { openInspectorPage } = await import('./inspector-page.ts')
  return await openInspectorPage(framework, watchable, options)
}
