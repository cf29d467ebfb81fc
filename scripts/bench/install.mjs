/** Installs the peers that Debian has; the benchmarks fetch the others by themselves. */
import { installTools } from '../support/machine.mjs'

export function installPeers() {
  installTools(['nginx', 'java', 'maven', 'go'], 'The benchmarks leave these peers out')
}
