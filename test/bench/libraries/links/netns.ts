/** Hosts on one machine: network namespaces at a switch, each behind a link of so many bits per second in each direction. */
import { execFileSync } from 'node:child_process'
import process from 'node:process'

export interface Network {
  readonly hosts: readonly NetworkHost[]
  /** Gives all links another rate, as tc writes it: `50mbit`. */
  setRate(rate: string): void
  close(): void
}

export interface NetworkHost {
  readonly address: string
  /** What a command line begins with to be run there. */
  readonly through: readonly string[]
}

export const networkNeeds = 'needs root, with ip and tc (apt-get install iproute2)'

/** Undefined where there is no right to make namespaces, or nothing to shape links with. */
export function openNetwork(hosts: number, rate: string): Network | undefined {
  const prefix = `jc${process.pid}`
  const made: string[] = []
  const addNamespace = (name: string): void => {
    run(`ip netns add ${name}`)
    made.push(name)
  }
  const close = (): void => {
    process.off('exit', close)
    for (const name of made.splice(0)) run(`ip netns del ${name}`)
  }
  // A benchmark that fails or is ended comes to no other end.
  process.once('exit', close)
  const hub = `${prefix}s`
  const addHost = (index: number): NetworkHost => {
    const name = `${prefix}h${index}`
    const port = `p${index}`
    const address = `10.77.0.${index + 1}`
    const inside = `ip netns exec ${name}`
    addNamespace(name)
    run(`ip link add ${port} netns ${hub} type veth peer name eth0 netns ${name}`)
    run(`ip -n ${hub} link set ${port} master br0 up`)
    run(`ip -n ${name} address add ${address}/24 dev eth0`)
    run(`ip -n ${name} link set eth0 up`)
    run(`ip -n ${name} link set lo up`)
    run(`${inside} tc qdisc add dev eth0 root tbf rate ${rate} ${buffers}`)
    run(`ip netns exec ${hub} tc qdisc add dev ${port} root tbf rate ${rate} ${buffers}`)
    setCongestionControl(name, address)
    return { address, through: inside.split(' ') }
  }
  const setRate = (changed: string): void => {
    for (const index of Array.from({ length: hosts }).keys()) {
      for (const device of [
        `${prefix}h${index} tc qdisc change dev eth0`,
        `${hub} tc qdisc change dev p${index}`,
      ])
        run(`ip netns exec ${device} root tbf rate ${changed} ${buffers}`)
    }
  }
  try {
    addNamespace(hub)
    run(`ip -n ${hub} link add br0 type bridge`)
    run(`ip -n ${hub} link set br0 up`)
    return { hosts: Array.from({ length: hosts }, (_, index) => addHost(index)), setRate, close }
  } catch {
    close()
    return undefined
  }
}

/** Room for the large packets that TCP hands over, and a queue as long as that of a switch. */
const buffers = 'burst 128kb latency 30ms'

/** What most systems have, whatever this one has; it stays as it is where there is no such. */
function setCongestionControl(name: string, address: string): void {
  try {
    run(`ip -n ${name} route replace 10.77.0.0/24 dev eth0 src ${address} congctl cubic`)
  } catch {
    // Then it is measured with another.
  }
}

function run(command: string): void {
  const [program = '', ...args] = command.split(' ')
  execFileSync(program, args, { stdio: 'ignore' })
}
