/** The files of the page: written, or compared with what their sources give. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as prettier from 'prettier'
import { benchmarks } from './benchmarks.mjs'
import { faultsOf, readNotes } from './page/notes.mjs'
import { drawPage } from './page/page.mjs'
import { groupsOf, readLines, resultsPath, toText } from './results.mjs'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const pictureFolder = join(docs, 'benchmarks')

export async function writePage(lines) {
  await mkdir(pictureFolder, { recursive: true })
  await writeFile(resultsPath, toText(lines))
  const files = await draw()
  for (const name of await readdir(pictureFolder)) {
    if (name.endsWith('.svg') && !files.has(`benchmarks/${name}`))
      await rm(join(pictureFolder, name))
  }
  for (const [name, text] of files) await writeFile(join(docs, name), text)
  return [...files.keys()].map((name) => `docs/${name}`)
}

/** The names of files that differ from what docs/benchmarks/results.ndjson and notes.md give. */
export async function staleFiles() {
  const files = await draw()
  const stale = []
  for (const [name, text] of files) {
    const present = await readFile(join(docs, name), 'utf8').catch(() => undefined)
    if (present !== text) stale.push(`docs/${name}`)
  }
  const pictures = (await readdir(pictureFolder)).filter((name) => name.endsWith('.svg'))
  const extra = pictures.filter((name) => !files.has(`benchmarks/${name}`))
  return [...stale, ...extra.map((name) => `docs/benchmarks/${name}`)]
}

/** What is wrong with the notes, beside the figures that are kept. */
export async function noteFaults() {
  return faultsOf(await notesOfPage(), groupsOf(readLines(resultsPath)))
}

async function notesOfPage() {
  return readNotes(await readFile(join(pictureFolder, 'notes.md'), 'utf8'))
}

/** By path under docs. What is drawn is read back, so that it is what a later check reads. */
async function draw() {
  const known = [...benchmarks.keys()]
  const { text, pictures } = drawPage(readLines(resultsPath), await notesOfPage(), known)
  const path = join(docs, 'benchmarks.md')
  const options = await prettier.resolveConfig(path)
  const page = await prettier.format(text, { ...options, filepath: path })
  return new Map([
    ['benchmarks.md', page],
    ...[...pictures].map(([name, svg]) => [`benchmarks/${name}`, svg]),
  ])
}
