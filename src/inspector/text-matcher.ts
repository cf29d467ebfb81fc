/** Text of a filter, found in other text. */
import { RE2JS } from 're2js'
import { filterInvalid } from './answer-errors.ts'

/**
 * Text is found in any case; a regular expression says itself: `(?i)`. Throws
 * INSPECTOR_FILTER_INVALID for one that is none.
 */
export function textMatcher(text: string, isRegex: boolean): (found: string) => boolean {
  if (isRegex) {
    const pattern = compile(text)
    return (found) => pattern.matcher(found).find()
  }
  const wanted = text.toLowerCase()
  const escaped = JSON.stringify(wanted).slice(1, -1)
  return (found) => {
    const lower = found.toLowerCase()
    return lower.includes(wanted) || (escaped !== wanted && lower.includes(escaped))
  }
}

function compile(text: string): RE2JS {
  try {
    return RE2JS.compile(text)
  } catch (error) {
    throw filterInvalid(text, error)
  }
}
