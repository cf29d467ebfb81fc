import { fileURLToPath } from 'node:url'
import { importTypeScript } from './import-typescript.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ownNames = ['mesos.v1.executor.Call', 'mesos.v1.executor.Event']

/**
 * A plugin of esbuild: of the descriptor of all messages of Mesos, a bundle gets those that
 * executors send and receive, with all their parts. It is parsed at each start.
 */
export async function messagesOfExecutor() {
  const { descriptor, unions } = await importTypeScript(
    `${root}src/mesos/encoding/descriptor.generated.ts`,
  )
  const names = withParts(descriptor, ownNames)
  const contents = `export const descriptor = ${JSON.stringify(cut(descriptor, '', names))}
export const unions = ${JSON.stringify(only(unions, names))}`
  return {
    name: 'messages-of-executor',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/mesos\/encoding\/descriptor\.generated\.ts$/ }, () => ({ contents }))
    },
  }
}

/** The names of these messages, and of the messages and enums in their fields. */
function withParts(descriptor, names) {
  const found = new Set()
  const pending = [...names]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue
    found.add(name)
    const node = name.split('.').reduce((above, part) => above.nested[part], descriptor)
    const types = Object.values(node.fields ?? {}).map(({ type }) => type)
    pending.push(...types.filter((type) => type.startsWith('.')).map((type) => type.slice(1)))
  }
  return found
}

/** The node with the named ones below it. */
function cut({ nested = {}, ...own }, name, names) {
  const below = Object.entries(nested).map(([part, node]) => {
    return [part, cut(node, name === '' ? part : `${name}.${part}`, names)]
  })
  const kept = below.filter(([, node]) => Object.keys(node).length > 0)
  return {
    ...(names.has(name) && own),
    ...(kept.length > 0 && { nested: Object.fromEntries(kept) }),
  }
}

function only(record, names) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)))
}
