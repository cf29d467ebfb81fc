/** Requests as bytes. Source: RFC 9112, 3 and 5. */

/**
 * What all POSTs of one kind to a server begin with, up to the value of Content-Length, the last
 * header. Throws a `TypeError` if a header cannot be sent as it is.
 */
export function postHead(url: URL, headers: Readonly<Record<string, string>>): Buffer {
  const lines = [`POST ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`]
  for (const [name, value] of Object.entries(headers)) {
    // A line break would begin a header that nobody asked for.
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new TypeError(`the header ${name} has a character that HTTP forbids`)
    lines.push(`${name}: ${value}`)
  }
  return Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: `, 'latin1')
}

/** Requests with these bodies, in one buffer: one write costs less than many small ones. */
export function postBytes(head: Buffer, bodies: readonly Uint8Array[]): Buffer {
  const parts = bodies.flatMap((body) => [head, Buffer.from(`${body.length}\r\n\r\n`), body])
  return Buffer.concat(parts)
}
