const maxLength = 300
/** As much as is looked at: the rest of a page says no more. */
const maxRead = 4096

/** What a server says with a refusal, as part of a message: one line, cut, and of a page the text alone. */
export function toPlainLine(body: string): string {
  const start = body.slice(0, maxRead)
  const text = /^\s*<[a-z!?]/i.test(start) ? textOf(start) : start
  // Whatever a terminal could take for a command is left out.
  const line = text.replaceAll(/[\p{Cc}\p{Bidi_C}\s]+/gu, ' ').trim()
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`
}

function textOf(page: string): string {
  return page
    .replaceAll(/<(script|style)\b.*?<\/\1\s*>|<!--.*?-->/gis, ' ')
    .replaceAll(/<[^>]*(?:>|$)/g, ' ')
    .replaceAll(/&(?:nbsp|#160);/g, ' ')
}
