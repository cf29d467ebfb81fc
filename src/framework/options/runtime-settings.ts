/** Which runtimes are shipped to agents. */
import { configInvalid } from '../../errors.ts'
import type { FrameworkOptions } from './options.ts'

export interface RuntimeSettings {
  /**
   * `auto`: to agents without a Node.js that fits; `shipped`: executors use only a shipped one;
   * `none`: only the agents' own.
   */
  readonly node: 'auto' | 'shipped' | 'none'
}

const forms = 'auto, none or node'

/** Throws `CONFIG_INVALID` for an unknown form, and for forms that exclude each other. */
export function runtimeOf({ runtime = [] }: Pick<FrameworkOptions, 'runtime'>): RuntimeSettings {
  const texts = [runtime].flat()
  const wrong = texts.find((text) => !['auto', 'none', 'node'].includes(text))
  if (wrong !== undefined)
    throw configInvalid('runtime', `runtime ${JSON.stringify(wrong)} must be ${forms}`)
  if (new Set(texts).size > 1)
    throw configInvalid('runtime', `runtime must be one of ${forms}, not ${texts.join(' and ')}`)
  const [text = 'auto'] = texts
  return { node: text === 'node' ? 'shipped' : (text as 'auto' | 'none') }
}
