/** Which runtimes are shipped to agents. */
import { configInvalid } from '../../errors.ts'
import type { FrameworkOptions } from './options.ts'

export interface RuntimeSettings {
  /**
   * `auto`: to agents without a Node.js that fits; `shipped`: executors use only a shipped one;
   * `none`: only the agents' own.
   */
  readonly node: 'auto' | 'shipped' | 'none'
  /** Archives of Node.js in place of npm's: paths, addresses with `#sha256`, coordinates. */
  readonly nodes: readonly string[]
  /** Archives of JREs, likewise. */
  readonly jres: readonly string[]
}

const nodes = { auto: 'auto', node: 'shipped', none: 'none' } as const
const forms = 'auto, none, node, node=ARCHIVE or jre=ARCHIVE'

/** Throws `CONFIG_INVALID` for an unknown form, and for forms that exclude each other. */
export function runtimeOf({ runtime = [] }: Pick<FrameworkOptions, 'runtime'>): RuntimeSettings {
  const texts = [runtime].flat()
  const archives = texts.flatMap((text) => {
    const [, program, place = ''] = /^(node|jre)=(.+)$/s.exec(text) ?? []
    return program === undefined ? [] : { program, place }
  })
  const placesOf = (wanted: string) =>
    archives.flatMap(({ program, place }) => (program === wanted ? place : []))
  const [ownNodes, jres] = [placesOf('node'), placesOf('jre')]
  for (const { place } of archives) checkPlace(place)
  const others = [...new Set(texts.filter((text) => !/^(?:node|jre)=./s.test(text)))]
  const [text = ownNodes.length > 0 ? 'node' : 'auto', ...more] = others
  const node = Object.hasOwn(nodes, text) ? nodes[text as keyof typeof nodes] : undefined
  if (node === undefined)
    throw configInvalid('runtime', `runtime ${JSON.stringify(text)} must be ${forms}`)
  if (more.length > 0 || (node === 'none' && archives.length > 0))
    throw configInvalid('runtime', `runtime: ${formsOf(texts)} exclude each other`)
  return { node, nodes: ownNodes, jres }
}

/** Without the places of archives. */
function formsOf(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/=.*$/s, '=ARCHIVE')).join(' and ')
}

function checkPlace(place: string): void {
  if (!/^https?:/.test(place)) return
  const url = URL.canParse(place) ? new URL(place) : undefined
  if (url === undefined) throw configInvalid('runtime', 'runtime has an address that is no URL')
  if (/^#[\da-f]{64}$/.test(url.hash)) return
  // User, password and query may be secret.
  const message = `runtime ${url.origin}${url.pathname} needs the SHA-256 of the archive after #`
  throw configInvalid('runtime', message)
}
