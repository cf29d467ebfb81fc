const types = new Map(
  Object.entries({
    cjs: 'text/javascript; charset=utf-8',
    gz: 'application/gzip',
    jar: 'application/java-archive',
    js: 'text/javascript; charset=utf-8',
    json: 'application/json',
    mjs: 'text/javascript; charset=utf-8',
    sh: 'application/x-sh',
    tar: 'application/x-tar',
    tgz: 'application/gzip',
    txt: 'text/plain; charset=utf-8',
    zip: 'application/zip',
  }),
)

/**
 * Media type of a file by its extension; `application/octet-stream` if that is unknown.
 * A gzipped archive has the type gzip and no Content-Encoding: a client that decoded it would get
 * bytes with another digest.
 */
export function contentTypeOf(name: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return types.get(extension) ?? 'application/octet-stream'
}
