import { once } from 'node:events'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'

/** Posts with these headers only, and reads the head of the answer. */
export async function headOf(
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const request = http.request(url, { method: 'POST', headers, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.destroy()
  return response
}
