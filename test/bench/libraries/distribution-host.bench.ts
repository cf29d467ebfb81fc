/** How libraries get to the executors of one host: as few bytes as possible, each library once. */
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
