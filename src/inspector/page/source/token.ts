/** The token of an inspector that others can reach. It never enters a path or a query. */

const key = 'jarcast.inspector.token'

/** The token, from the address after `#` (from where it is removed) or from this tab's store. */
export function takeToken(): string | undefined {
  const members = new URLSearchParams(location.hash.replace(/^#/, ''))
  const given = members.get('token')
  if (given === null) return read()
  keepToken(given)
  members.delete('token')
  history.replaceState(null, '', `#${members.toString()}`)
  return given
}

export function keepToken(token: string): void {
  try {
    sessionStorage.setItem(key, token)
  } catch {
    // Without a store, the token is asked for again after the page was loaded again.
  }
}

/** Subprotocols of the WebSocket, with the token, which no browser can send otherwise. */
export function protocolsWith(token: string | undefined): string[] {
  const isSendable = token !== undefined && /^[\w.-]{1,256}$/.test(token)
  return ['jarcast.inspector', ...(isSendable ? [`jarcast.token.${token}`] : [])]
}

function read(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}
