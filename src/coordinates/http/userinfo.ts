/** User and password in an address are credentials: they are removed when it is read. */

export interface PlainAddress {
  /** Without user and password. */
  readonly url: URL
  /** Secret, as is the password; both empty when absent. */
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

/** An invalid percent escape stays as written. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
