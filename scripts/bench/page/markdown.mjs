/** Cells of Markdown tables. */
import { format } from '../limits.mjs'

export function cell(text) {
  return text.replaceAll('|', '\\|')
}

export function ratioText({ ratio }) {
  return Number.isFinite(ratio) ? `${format(ratio)} ×` : ''
}

/** `heads` are titles of columns; those in `left` are texts, all others numbers. */
export function table(heads, left, rows) {
  const alignments = heads.map((head) => (left.includes(head) ? '---' : '---:'))
  return [heads, alignments, ...rows]
    .map((cells) => `| ${cells.map(unbroken).join(' | ')} |`)
    .join('\n')
}

/** No line ends between a number and its sign. */
function unbroken(text) {
  return text.replace(/(?<=[≥≤✗]) | (?=×)/g, '\u00a0')
}
