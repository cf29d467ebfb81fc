/** What draws statecharts, for these pictures and for the inspector: src/inspector/chart. */
import { fileURLToPath } from 'node:url'
import { importBundle } from '../support/import-typescript.mjs'

const folder = fileURLToPath(new URL('../../src/inspector/chart/', import.meta.url))
const files = ['chart-svg', 'elk', 'fold', 'layout', 'machine-chart', 'svg', 'text']
const contents = files.map((name) => `export * from './${name}.ts'`).join('\n')

export const {
  chartOf,
  chartSvg,
  descriptionLines,
  foldAround,
  layOut,
  layOutHere,
  n,
  rect,
  statesOf,
  svgPage,
  text,
} = await importBundle({ stdin: { contents, resolveDir: folder } })
