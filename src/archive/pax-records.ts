/** Records of extended headers. Source: POSIX.1-2017 pax, "pax Extended Header". */

/**
 * Returns keyword and value of each record `LENGTH KEYWORD=VALUE\n`, in their order. Values are
 * bytes, and may contain line breaks. Zero bytes may follow the last record. Throws for anything
 * else.
 */
export function readPaxRecords(body: Buffer): readonly (readonly [string, Buffer])[] {
  const records: [string, Buffer][] = []
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const digits = /^ *(\d{1,10}) /.exec(body.toString('latin1', at, at + 24))
    const end = at + Number(digits?.[1])
    const start = at + (digits?.[0].length ?? 0)
    const equals = body.indexOf('=', start)
    if (!(end <= body.length && equals > start && equals < end) || body[end - 1] !== 0x0a) {
      throw new Error('a damaged extended header')
    }
    records.push([body.toString('utf8', start, equals), body.subarray(equals + 1, end - 1)])
    at = end
  }
  return records
}
