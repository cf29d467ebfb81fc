/**
 * Finds what a module loads when it is imported. An import is `{ from, to, specifier, isLater }`:
 * `to` is undefined for a package; `isLater` is true for `import()`, and for types.
 */

/** The way from `start` to each module or package for which `isUnwanted` holds, as text. */
export function findLoaded(imports, start, isUnwanted) {
  const byFile = new Map()
  for (const each of imports) byFile.set(each.from, [...(byFile.get(each.from) ?? []), each])
  const ways = new Map([[start, [start]]])
  const found = []
  for (const [file, way] of ways) {
    for (const { to, specifier, isLater } of byFile.get(file) ?? []) {
      const target = to ?? specifier
      if (isLater || ways.has(target)) continue
      // What an unwanted one loads goes with it.
      if (isUnwanted(target)) found.push([...way, target].join(' → '))
      else ways.set(target, [...way, target])
    }
  }
  return found
}
