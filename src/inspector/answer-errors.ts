/** Why an app does not answer. */
import { JarcastError } from '../errors.ts'
import type { QuestionName } from './protocol/questions.ts'

export function momentUnknown(seq: number): JarcastError {
  const message = `entry ${seq} is not known: it is still to come, or was dropped`
  return new JarcastError('INSPECTOR_MOMENT_UNKNOWN', message, { details: { seq } })
}

export function notOffered(question: QuestionName): JarcastError {
  const message = `this run does not answer the question ${question}`
  return new JarcastError('INSPECTOR_NOT_OFFERED', message, { details: { question } })
}

export function filterInvalid(text: string, cause: unknown): JarcastError {
  const message = `${text.slice(0, 80)} is no regular expression in RE2's syntax`
  return new JarcastError('INSPECTOR_FILTER_INVALID', message, { cause })
}
