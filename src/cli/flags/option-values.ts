/**
 * Parsers of option values. They throw `InvalidArgumentError`, which commander reports as wrong
 * usage.
 */
import { InvalidArgumentError } from 'commander'

/** A whole number of `min` or more. */
export function toCount(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value
    throw new InvalidArgumentError(`It must be a whole number, ${min} or more.`)
  }
}

/** 0 to 65535. */
export function toPort(text: string): number {
  const value = Number(text)
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('It must be a port, 0 to 65535.')
}

/** A number above 0. */
export function toAmount(text: string): number {
  const value = Number(text)
  if (/^\d*\.?\d+$/.test(text) && value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

/** `17`, `11.0.2` or `1.8.0_402`. */
export function toJavaVersion(text: string): string {
  if (/^[1-9]\d*(?:\.\d+)*(?:[_+-]\S*)?$/.test(text)) return text
  throw new InvalidArgumentError('It must be a version of Java, such as 17 or 1.8.0_402.')
}

const repeatable = new WeakSet<object>()

/** Marks the parser of an option that can be repeated, so that files can have a list for it. */
export function forRepeated<Parse extends object>(parse: Parse): Parse {
  repeatable.add(parse)
  return parse
}

/** True for a parser that `forRepeated` has marked. */
export function isRepeatable(parse: object | undefined): boolean {
  return parse !== undefined && repeatable.has(parse)
}

/** For a repeated option. A list of values would also take the words after it. */
export const collectTexts = forRepeated(
  (text: string, before: readonly string[] = []): readonly string[] => [...before, text],
)

/** For a repeated option with commas in its values. */
export const collectList = forRepeated(
  (text: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    ...text.split(',').filter((part) => part !== ''),
  ],
)
