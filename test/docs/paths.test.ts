import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const pages = ['.', 'docs', 'docs/guides', 'docs/benchmarks'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
)

/** Paths from the root, as text or code: not those within an address or a longer path. */
const namedPath = /(?<![\w./-])(?:src|test|scripts|docs)\/[\w./-]*\w/g

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8')
  // Its texts are drawn into docs/benchmarks.md.
  const base = page === 'docs/benchmarks/notes.md' ? 'docs' : dirname(page)

  it('names only files and folders that exist', () => {
    const named = text.match(namedPath) ?? []
    expect(named.filter((path) => !existsSync(path))).toEqual([])
  })

  it('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(join(base, link)))).toEqual([])
  })
})
