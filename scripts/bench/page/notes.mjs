/** Why figures miss their limits, written by hand in docs/benchmarks/notes.md. */
import { isClose, outcomeOf } from '../limits.mjs'
import { figuresOf } from './goals.mjs'

/** Notes on figures, by `bench: case`, from the headings of a Markdown file. */
export function readNotes(markdown) {
  const [, ...sections] = markdown.replace(/<!--[\s\S]*?-->/g, '').split(/^## /m)
  return new Map(
    sections.map((section) => {
      const [title = '', ...text] = section.split('\n')
      return [title.trim(), text.join('\n').trim()]
    }),
  )
}

export function keyOf(figure) {
  return `${figure.bench}: ${figure.case}`
}

/** The heading of the note on a case, or on cases that begin so: `jar-server: 1 kB`. */
export function noteTitleFor(key, notes) {
  const fitting = [...notes.keys()].filter((title) => key.startsWith(title))
  return fitting.toSorted((one, other) => other.length - one.length)[0]
}

/**
 * What is wrong with the notes: missed figures that have none, and notes on figures that are not missed.
 * A figure that misses its limit in some rounds may have one.
 */
export function faultsOf(notes, groups) {
  const figures = figuresOf(groups)
  const missed = figures.filter((figure) => outcomeOf(figure) === 'missed')
  const close = figures.filter(isClose)
  const titleOf = (figure) => noteTitleFor(keyOf(figure), notes)
  const owed = missed.filter((figure) => titleOf(figure) === undefined).map(keyOf)
  const used = new Set([...missed, ...close].map(titleOf))
  return [
    ...[...new Set(owed)].map((key) => `${key}: misses its limit and has no note`),
    ...[...notes.keys()]
      .filter((title) => !used.has(title))
      .map((title) => `${title}: has a note, and no such figure misses its limit`),
  ]
}
