/** Finds and reads the configuration file of the working directory, or the one of `--config`. */
import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { isRecord } from '../../domain/json.ts'
import { configInvalid, messageOf } from '../../errors.ts'
import { importModule } from '../process/import-module.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'

export interface ConfigFile {
  /** As messages name it. */
  readonly name: string
  readonly settings: Readonly<Record<string, unknown>>
}

const defaultNames = ['json', 'mjs', 'ts'].map((extension) => `jarcast.config.${extension}`)

/**
 * Reads `name`, or else the file with a default name, if there is one. A module exports its
 * settings as default, or a function that gets `{ command }` and returns them. Rejects with
 * `CONFIG_INVALID`.
 */
export async function readConfigFile(
  name: string | undefined,
  command: string,
): Promise<ConfigFile | undefined> {
  const found = name === undefined ? findDefault() : name
  if (found === undefined) return undefined
  const settings = await load(found, command)
  if (isRecord(settings)) return { name: found, settings }
  throw configInvalid(
    'config',
    `${found}: it must have an object of settings, as its default export`,
  )
}

function findDefault(): string | undefined {
  const found = defaultNames.filter((name) => existsSync(name))
  if (found.length <= 1) return found[0]
  const message = `there are ${found.join(' and ')}: keep one, or name one with --config`
  throw configInvalid('config', message)
}

async function load(name: string, command: string): Promise<unknown> {
  if (!existsSync(name)) throw configInvalid('config', `${name} cannot be read: it does not exist`)
  if (extname(name) === '.json') return parseConfig(name)
  try {
    // TypeScript is imported from a copy without its types; the function may import more of it.
    return await withTemporaryFolder(async () => {
      const { default: settings } = await importModule(resolve(name))
      return typeof settings === 'function'
        ? await (settings as (about: object) => unknown)({ command })
        : settings
    })
  } catch (cause) {
    throw configInvalid('config', `${name} cannot be loaded: ${messageOf(cause)}`, cause)
  }
}

function parseConfig(name: string): unknown {
  let text: string
  try {
    text = readFileSync(name, 'utf8')
  } catch (cause) {
    throw configInvalid('config', `${name} cannot be read: ${messageOf(cause)}`, cause)
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (cause) {
    throw configInvalid('config', `${name} is not JSON: ${messageOf(cause)}`, cause)
  }
}
