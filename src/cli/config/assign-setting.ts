/** Gives an option its value from a file or a variable, checked as on the command line. */
import { InvalidArgumentError } from 'commander'
import type { Command, Option } from 'commander'
import { isRecord } from '../../domain/json.ts'
import { configInvalid, messageOf } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'
import { isList, isSwitch } from './setting.ts'

/**
 * Sets `option` to `value`: a text as on the command line, or what JSON has for it (number,
 * boolean, list, object of NAME to VALUE). Throws `CONFIG_INVALID`, which names `origin`.
 */
export function assignSetting(
  command: Command,
  option: Option,
  value: unknown,
  origin: string,
): void {
  const key = option.attributeName()
  const parsed = parse(option, value, origin)
  const canBeFalse = command.options.some((one) => one.negate && one.attributeName() === key)
  // A switch without --no-NAME is not there where it is off.
  const isOff = parsed === false && !canBeFalse
  command.setOptionValueWithSource(key, isOff ? undefined : parsed, 'config')
}

function parse(option: Option, value: unknown, origin: string): unknown {
  if (isSwitch(option) || (option.optional && isTruth(value))) return toTruth(value, origin)
  if (isList(option))
    return textsOf(value, origin).reduce<unknown>(parseNext(option, origin), undefined)
  if (typeof value !== 'string' && typeof value !== 'number')
    throw invalid(origin, `it must be a text or a number, not ${JSON.stringify(value)}`)
  return parseNext(option, origin)(undefined, String(value))
}

/** Parses one value of an option; `before` has its earlier ones. */
function parseNext(option: Option, origin: string) {
  return (before: unknown, text: string): unknown => {
    const { argChoices = [], parseArg, variadic } = option
    if (argChoices.length > 0 && !argChoices.includes(text))
      throw invalid(origin, `it must be one of ${argChoices.join(', ')}, not "${text}"`)
    if (parseArg === undefined) return variadic ? [...((before as string[]) ?? []), text] : text
    try {
      return parseArg(text, before)
    } catch (cause) {
      if (!(cause instanceof InvalidArgumentError)) throw cause
      throw invalid(origin, `"${text}" cannot be used. ${messageOf(cause)}`)
    }
  }
}

/** A list, an object of names to values, or texts with commas or line ends between them. */
function textsOf(value: unknown, origin: string): readonly string[] {
  if (Array.isArray(value)) return value.map(String)
  if (isRecord(value)) return Object.entries(value).map(([name, text]) => `${name}=${String(text)}`)
  if (typeof value !== 'string') throw invalid(origin, 'it must be a list of texts')
  const parts = value.split(value.includes('\n') ? '\n' : ',')
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

const truths = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  [1, true],
  [false, false],
  ['false', false],
  ['0', false],
  [0, false],
  ['', false],
])

function isTruth(value: unknown): boolean {
  return truths.has(value) && typeof value !== 'number'
}

function toTruth(value: unknown, origin: string): boolean {
  const truth = truths.get(typeof value === 'string' ? value.toLowerCase() : value)
  if (truth === undefined)
    throw invalid(origin, `it must be true or false, not ${JSON.stringify(value)}`)
  return truth
}

function invalid(origin: string, why: string): JarcastError {
  return configInvalid(origin, `${origin}: ${why}`)
}
