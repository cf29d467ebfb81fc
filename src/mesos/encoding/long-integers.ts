const mayHoldOne = /\d{16}/u
const longInteger = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gu

/**
 * Quotes every integer of 16 or more digits in JSON, so that parsing keeps all digits: times in
 * nanoseconds exceed the exact range of a double. Text in strings stays unchanged.
 */
export function quoteLongIntegers(text: string): string {
  if (!mayHoldOne.test(text)) return text
  const parts: string[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('"', at)
    const outside = text.slice(at, open === -1 ? text.length : open)
    parts.push(outside.replace(longInteger, '"$&"'))
    if (open === -1) break
    const close = endOfString(text, open)
    parts.push(text.slice(open, close))
    at = close
  }
  return parts.join('')
}

/** The offset after the closing quote of the string that starts at `open`. */
function endOfString(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1)
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote === -1 ? text.length : quote + 1
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0
  while (text[quote - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1
}
