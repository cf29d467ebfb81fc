/**
 * Part of the leftovers of a warm Node host: counts the modules that were loaded. Node lists no ES
 * modules, but tells of each `import()` since version 22.
 */
export const loadedModulesSource = `const imports = new Set()
require('diagnostics_channel').subscribe('tracing:module.import:start', ({ parentURL, url }) => {
  if (!isBuiltin(url)) imports.add(\`\${url} \${parentURL}\`)
})

function countModules() {
  return Object.keys(require.cache).length + imports.size
}
`
