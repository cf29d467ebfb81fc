/** Longest type, label or message that is shown, in UTF-16 units. */
const maxChars = 300

/** A text from outside, of a length that fits on a page. */
export function cutText(text: string, chars = maxChars): string {
  return text.length > chars ? `${text.slice(0, chars)}…` : text
}
