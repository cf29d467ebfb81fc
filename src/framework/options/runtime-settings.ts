/** Which runtimes are shipped to agents. */
import { configInvalid } from '../../errors.ts'
import type { FrameworkOptions } from './options.ts'

export interface RuntimeSettings {
  /**
   * `auto`: to agents without a Node.js that fits; `shipped`: executors use only a shipped one;
   * `none`: only the agents' own.
   */
  readonly node: 'auto' | 'shipped' | 'none'
  /** Paths, addresses with `#sha256` and Maven coordinates of JREs, at most one per platform. */
  readonly jres: readonly string[]
}

const nodes = { auto: 'auto', node: 'shipped', none: 'none' } as const
const forms = 'auto, none, node or jre=ARCHIVE'

/** Throws `CONFIG_INVALID` for an unknown form, and for forms that exclude each other. */
export function runtimeOf({ runtime = [] }: Pick<FrameworkOptions, 'runtime'>): RuntimeSettings {
  const texts = [runtime].flat()
  const jres = texts.flatMap((text) => /^jre=(.+)$/s.exec(text)?.[1] ?? [])
  const others = [...new Set(texts.filter((text) => !/^jre=./s.test(text)))]
  for (const jre of jres) checkJre(jre)
  const [text = 'auto', ...more] = others
  const node = Object.hasOwn(nodes, text) ? nodes[text as keyof typeof nodes] : undefined
  if (node === undefined)
    throw configInvalid('runtime', `runtime ${JSON.stringify(text)} must be ${forms}`)
  if (more.length > 0 || (node === 'none' && jres.length > 0))
    throw configInvalid('runtime', `runtime: ${texts.join(' and ')} exclude each other`)
  return { node, jres }
}

function checkJre(jre: string): void {
  if (!/^https?:/.test(jre) || /#[\da-f]{64}$/.test(jre)) return
  const message = `runtime jre=${jre} needs the SHA-256 of the archive after #`
  throw configInvalid('runtime', message)
}
