/** What is common to the pages that master and agents show over GET. */
import type { IncomingMessage } from 'node:http'
import { badRequest, jsonAnswer } from '../http/http.ts'
import type { Answer } from '../http/http.ts'

export interface ViewRequest {
  readonly method: string
  /** Without query and without the `/master` or `/slave(1)` that all paths may have in front. */
  readonly path: string
  readonly query: URLSearchParams
}

export function readViewRequest(request: IncomingMessage): ViewRequest {
  const [path, query] = splitOnce(request.url ?? '/')
  return {
    method: request.method ?? 'GET',
    path: withoutProcess(path),
    query: new URLSearchParams(query),
  }
}

/** The path without a leading `/master` or `/slave(1)`. */
export function withoutProcess(path: string): string {
  return path.replace(/^\/(?:master|slave\(1\))(?=\/)/u, '')
}

/** JSON, or a call of the function that `jsonp` names. */
export function viewAnswer(query: URLSearchParams, value: unknown): Answer {
  const callback = query.get('jsonp')
  if (callback === null) return jsonAnswer(value)
  // Mesos writes any text there; here it has to be a name, so that nobody else's script is served.
  if (!/^[\w$.]{1,200}$/u.test(callback)) return badRequest('jsonp must be the name of a function')
  const body = `${callback}(${JSON.stringify(value)});`
  return { status: 200, contentType: 'text/javascript', body }
}

/** Does a query let this through: `name` is not asked for, or asked for with this value. */
export function isSelected(query: URLSearchParams, name: string, value: string): boolean {
  const asked = query.get(name)
  return asked === null || asked === value
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
