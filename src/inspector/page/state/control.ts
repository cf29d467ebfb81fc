/** Requests to the run, which takes them as calls of its user. */
import type { ControlCommand } from '../../protocol/questions.ts'
import { tell } from './moves.ts'
import type { Page } from './page.ts'

/** True if the run goes on, and was started with control. */
export function canControl(page: Page): boolean {
  const app = page.app.value
  return app !== undefined && !app.isOver && app.features.includes('control')
}

/** Sends a request, and says so; returns whether the run took it. */
export async function control(page: Page, command: ControlCommand, said: string): Promise<boolean> {
  const answer = await tell(page, page.askApp('control', { command }))
  if (answer !== undefined) page.notice.value = said
  return answer !== undefined
}
