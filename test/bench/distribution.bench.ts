/** How libraries get to where they are needed. One case per file in distribution/. */
import { delta } from './distribution/delta.ts'
import { jvmTasks } from './distribution/jvm-tasks.ts'
import { oneOfFifty } from './distribution/one-of-fifty.ts'
import { killedServer } from './distribution/killed-server.ts'
import { relayTree } from './distribution/relay.ts'
import { sharedHost, sharedPackages, warmStart } from './distribution/shared-host.ts'
import type { Figure } from './measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  for (const measure of [
    oneOfFifty,
    sharedHost,
    warmStart,
    sharedPackages,
    killedServer,
    delta,
    jvmTasks,
    relayTree,
  ])
    yield* measure()
}
