const maxLength = 300
/** Maximum number of characters to read. */
const maxRead = 4096

/** Turns a refusal's body into one short line for a message. Removes the tags of a web page. */
export function toPlainLine(body: string): string {
  const start = body.slice(0, maxRead)
  const text = /^\s*<[a-z!?]/i.test(start) ? textOf(start) : start
  // Removes what a terminal could take for a command.
  const line = text.replaceAll(/[\p{Cc}\p{Bidi_C}\s]+/gu, ' ').trim()
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`
}

function textOf(page: string): string {
  return page
    .replaceAll(/<(script|style)\b.*?<\/\1\s*>|<!--.*?-->/gis, ' ')
    .replaceAll(/<[^>]*(?:>|$)/g, ' ')
    .replaceAll(/&(?:nbsp|#160);/g, ' ')
}
