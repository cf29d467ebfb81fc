/** User and password of an address are a credential, and are removed where the address is read. */

export interface PlainAddress {
  /** Without user and password. */
  readonly url: URL
  /** Secrets; empty where there are none. */
  readonly user: string
  readonly password: string
}

export function takeUserinfo(address: URL): PlainAddress {
  const url = new URL(address)
  const [user, password] = [decode(url.username), decode(url.password)]
  url.username = ''
  url.password = ''
  return { url, user, password }
}

/** A percent sign that begins nothing is one. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
