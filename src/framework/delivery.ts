/** What a framework ships, and how an executor is told to fetch and start it. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Delivery } from '../domain/executors.ts'
import { quoteWord } from '../domain/quote-word.ts'
import { JarcastError } from '../errors.ts'
import type { CommandInfo } from '../mesos/types.generated.ts'
import type { ExecutorSettings } from './options.ts'

/** Addresses of the running jar server that the executor's command is made of. */
export interface ShippedExecutor {
  /** Of the program or script that Mesos' fetcher brings into the sandbox. */
  readonly programUri: string
  readonly manifestUri: string
  readonly librarySetId: string
  /** The seed's form: every library's URI, separated by commas. */
  readonly seedUris: string
}

const bundleName = 'jarcast-executor.mjs'

/** Path of the program that agents run: the user's script, or jarcast's own executor. */
export function executorProgram({ script }: ExecutorSettings): string {
  if (script !== undefined) return script
  // Beside this file when built, in dist/ when this file runs as source.
  const places = [`../executor/${bundleName}`, `../../dist/executor/${bundleName}`]
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find(existsSync)
  if (found !== undefined) return found
  throw new JarcastError(
    'CONFIG_INVALID',
    `the executor's program ${bundleName} is not built; run npm run build`,
  )
}

/** How tasks are launched with what the jar server serves. */
export function deliveryOf(
  settings: ExecutorSettings & Required<Pick<ExecutorSettings, 'node' | 'resources'>>,
  shipped: ShippedExecutor,
): Delivery {
  const { environment = {}, resources, script } = settings
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }))
  const command: CommandInfo = {
    uris: [
      {
        value: shipped.programUri,
        // Its address holds the digest of its bytes, which is what makes Mesos' cache safe to use.
        cache: true,
        extract: false,
        outputFile: script === undefined ? bundleName : basename(script),
      },
    ],
    shell: true,
    value:
      script === undefined
        ? `exec ${settings.node} ${bundleName}`
        : `exec /bin/sh ${quoteWord(basename(script))} ${quoteWord(shipped.seedUris)}`,
    ...(variables.length === 0 ? {} : { environment: { variables } }),
  }
  return {
    executor: { name: 'jarcast', command, resources },
    librarySet: { id: shipped.librarySetId, manifestUri: shipped.manifestUri },
  }
}
