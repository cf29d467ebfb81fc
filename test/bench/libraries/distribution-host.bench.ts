/** How libraries get to the executors of one host. One case per file in distribution/. */
import { jvmTasks } from './host/jvm-tasks.ts'
import { oneOfFifty } from './host/one-of-fifty.ts'
import { killedServer } from './host/killed-server.ts'
import { sharedHost, sharedPackages, warmStart } from './host/shared-host.ts'
import type { Figure } from '../support/measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  yield* oneOfFifty()
  yield* sharedHost()
  yield* warmStart()
  yield* sharedPackages()
  yield* killedServer()
  yield* jvmTasks()
}
