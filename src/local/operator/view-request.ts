/** Requests for pages of master and agents. */
import type { IncomingMessage } from 'node:http'
import { badRequest, jsonAnswer } from '../http/http.ts'
import type { Answer } from '../http/http.ts'

export interface ViewRequest {
  readonly method: string
  /** Without query and leading `/master` or `/slave(1)`. */
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

/** JSON, or a call of the function named by `jsonp`. */
export function viewAnswer(query: URLSearchParams, value: unknown): Answer {
  const callback = query.get('jsonp')
  if (callback === null) return jsonAnswer(value)
  // Mesos allows any text. Here it must be a name, so that the answer contains no other script.
  if (!/^[\w$.]{1,200}$/u.test(callback)) return badRequest('jsonp must be the name of a function')
  const body = `${callback}(${JSON.stringify(value)});`
  return { status: 200, contentType: 'text/javascript', body }
}

/** True if the query does not have `name`, or has it with this value. */
export function isSelected(query: URLSearchParams, name: string, value: string): boolean {
  const asked = query.get(name)
  return asked === null || asked === value
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
