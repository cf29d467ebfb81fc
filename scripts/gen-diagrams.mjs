/**
 * Writes docs/machines: the overview, a diagram of every machine in src/machines, and the page that
 * shows them. The same machines give the same bytes. With `--check` it writes nothing, names the
 * files that are stale, and exits 1 if there are any.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as prettier from 'prettier'
import { chartWithActions } from './diagrams/actions.mjs'
import { chartSvg, foldAround, layOut, layOutHere } from './diagrams/chart.mjs'
import { loadMachines } from './diagrams/load.mjs'
import { story } from './diagrams/overview-story.mjs'
import { drawOverview } from './diagrams/overview.mjs'
import { writeReadme } from './diagrams/readme.mjs'

const machineFolder = fileURLToPath(new URL('../src/machines/', import.meta.url))
const docFolder = fileURLToPath(new URL('../docs/machines/', import.meta.url))

/** Order of the first machines on the page; others follow by path. */
const order = ['scheduler', 'task', 'executor', 'downloader', 'task-run']

/** Machines too large for one picture: the states that each of their pictures draws whole. */
const parts = {
  'task-run': [['hosted'], ['killing', 'reporting']],
}

const wanted = await draw()
const stale = await findStale(wanted)
if (process.argv.includes('--check')) report(stale)
else await write(wanted, stale)

/** Every file of the folder by name, with its text. */
async function draw() {
  const loaded = await loadMachines(machineFolder)
  const machines = loaded
    .map(({ machine, bindings, ...rest }) => ({
      ...rest,
      chart: chartWithActions(machine, bindings),
    }))
    .map((machine) => ({ ...machine, pictures: picturesOf(machine) }))
    .sort((a, b) => rankOf(a) - rankOf(b))
  const files = new Map([['overview.svg', drawOverview(machines, story)]])
  for (const { name, summary, pictures } of machines) {
    const title = `State diagram of the ${name} machine. ${summary}`
    for (const { file, chart } of pictures) files.set(file, await drawChart(name, chart, title))
  }
  return files.set(
    'README.md',
    await format(writeReadme(machines, routesIn(loaded), answersIn(loaded))),
  )
}

async function drawChart(name, chart, title) {
  return chartSvg(await layOut(chart, { id: name, name }, layOutHere), title)
}

/**
 * One picture of a machine, or one for each of its parts: `{ file, chart, open }`. In the folder of
 * the machine that it is a component of, as in `src/machines`.
 */
function picturesOf({ name, path, chart }) {
  const [folder] = path.split('/')
  const base = folder === name ? name : `${folder}/${name}`
  const split = parts[name]
  if (split === undefined) return [{ file: `${base}.svg`, chart }]
  return split.map((open) => {
    return { file: `${base}-${open.join('-')}.svg`, chart: foldAround(chart, open), open }
  })
}

/** The table of src/machines/scheduler/routes.ts. */
function routesIn([{ bindings }]) {
  return valueOf('routes', bindings)
}

/** The tables of src/machines/answers. */
function answersIn([{ bindings }]) {
  return {
    scheduler: valueOf('schedulerAnswers', bindings),
    executor: valueOf('executorAnswers', bindings),
  }
}

function valueOf(wanted, bindings) {
  return [...bindings.values()].find(({ name }) => name === wanted).value
}

function rankOf({ name }) {
  const rank = order.indexOf(name)
  return rank === -1 ? order.length : rank
}

async function format(markdown) {
  const filepath = `${docFolder}README.md`
  return prettier.format(markdown, { ...(await prettier.resolveConfig(filepath)), filepath })
}

/** Files that differ or are missing, and diagrams of machines that were removed. */
async function findStale(files) {
  const present = await readdir(docFolder, { recursive: true }).catch(() => [])
  const left = present.filter((name) => name.endsWith('.svg') && !files.has(name))
  const texts = await Promise.all(
    [...files].map(async ([name, text]) => {
      const current = await readFile(docFolder + name, 'utf8').catch(() => undefined)
      return current === text ? [] : [name]
    }),
  )
  return [...texts.flat(), ...left]
}

function report(names) {
  for (const name of names) console.error(`docs/machines/${name} is stale`)
  if (names.length > 0) console.error('run: node scripts/gen-diagrams.mjs')
  process.exitCode = names.length > 0 ? 1 : 0
}

async function write(files, names) {
  for (const name of names) {
    const text = files.get(name)
    if (text === undefined) await rm(docFolder + name)
    else {
      await mkdir(dirname(docFolder + name), { recursive: true })
      await writeFile(docFolder + name, text)
    }
    console.log(`${text === undefined ? 'removed' : 'wrote'} docs/machines/${name}`)
  }
}
