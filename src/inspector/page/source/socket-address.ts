/** Address of a WebSocket of the server that sent the page; encrypted if the page was. */
export function socketAddress(path: string, page = document.baseURI): string {
  const address = new URL(path, page)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
