/** How libraries get to many hosts over links that are slower than the hosts. */
import { relayTree } from './distribution/relay.ts'
import type { Figure } from './measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  yield* relayTree()
}
