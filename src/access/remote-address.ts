/** Names the sender of a connection. */

/** Turns an IPv4 address that a dual-stack socket shows as IPv6 back into IPv4. */
export function plainAddress(address = 'unknown'): string {
  return address.startsWith('::') ? address.replace(/^::ffff:(?=\d+\.)/i, '') : address
}

/** `ADDRESS:PORT`, as in a URL, without the IPv6 zone, which differs between hosts. */
export function endpointOf(address: string | undefined, port: number | undefined): string {
  const plain = plainAddress(address).replace(/%.*/, '')
  return `${plain.includes(':') ? `[${plain}]` : plain}:${port}`
}

/**
 * The sender that shares limits: an IPv4 address, or a /64 network of IPv6, since one host may have
 * every address in it. Executors on one host, or behind one NAT, are one sender.
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
