/** How libraries get over links that are slower than the hosts. One case per file in distribution/. */
import { delta } from './distribution/delta.ts'
import { relayTree } from './distribution/relay.ts'
import type { Figure } from './measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  yield* delta()
  yield* relayTree()
}
