import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A plugin of esbuild: these modules of Node are loaded when something of them is used, not at the
 * start. `names` are as in imports: `node:tls`.
 */
export function lazyBuiltins(names) {
  const filter = new RegExp(`^(${names.join('|')})$`)
  return {
    name: 'lazy-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path, namespace }) =>
        namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
      )
      onLoad({ filter: /^/, namespace: 'lazy' }, ({ path }) => ({ contents: gettersOf(path) }))
    },
  }
}

/** A CommonJS module: esbuild keeps getters of those. */
function gettersOf(name) {
  const getters = Object.keys(require(name)).map((key) => `get ${key}() { return load().${key} }`)
  return `const load = () => require('${name}')\nmodule.exports = { ${getters.join(', ')} }`
}
