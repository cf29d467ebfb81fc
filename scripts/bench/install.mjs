/** Installs what Debian has of what the benchmarks use; they fetch the rest by themselves. */
import { installTools } from '../support/machine.mjs'

export function installPeers() {
  const tools = ['nginx', 'java', 'maven', 'go', 'iproute2', 'busybox', 'chromium']
  installTools(tools, 'The benchmarks leave out what needs them')
}
