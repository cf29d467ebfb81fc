/** How libraries get to the executors of one host. One case per file in distribution/. */
import { jvmTasks } from './distribution/jvm-tasks.ts'
import { oneOfFifty } from './distribution/one-of-fifty.ts'
import { killedServer } from './distribution/killed-server.ts'
import { sharedHost, sharedPackages, warmStart } from './distribution/shared-host.ts'
import type { Figure } from './measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  yield* oneOfFifty()
  yield* sharedHost()
  yield* warmStart()
  yield* sharedPackages()
  yield* killedServer()
  yield* jvmTasks()
}
