/** Checks of single values; they throw `CONFIG_INVALID` with the name of the setting. */
import { configInvalid } from '../../errors.ts'

export function oneOf<Value extends string>(
  setting: string,
  value: Value,
  values: readonly Value[],
): Value {
  if (values.includes(value)) return value
  const all = [values.slice(0, -1).join(', '), values.at(-1)].join(' or ')
  throw configInvalid(setting, `${setting} must be ${all}`)
}

export function milliseconds(setting: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw configInvalid(setting, `${setting} must be a number of ms, 0 or more`)
}
