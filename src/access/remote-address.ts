/** Whom a connection counts for. */

/** An IPv4 address that a dual-stack socket shows as IPv6 is itself again. */
export function plainAddress(address = 'unknown'): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** `ADDRESS:PORT`, as in a URL; without the zone of an address, which other hosts name otherwise. */
export function endpointOf(address: string | undefined, port: number | undefined): string {
  const plain = plainAddress(address).replace(/%.*/, '')
  return `${plain.includes(':') ? `[${plain}]` : plain}:${port}`
}

/**
 * Who shares limits: an IPv4 address, or the 64 bits of an IPv6 network, of which one host may have every address.
 * Executors on one host, or behind one NAT, are one sender.
 */
export function senderOf(address: string | undefined): string {
  const plain = plainAddress(address)
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail === undefined) return groups.slice(0, 4).join(':')
  const rest = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
