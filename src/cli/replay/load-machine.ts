/** Loads a machine from a module: `--machine`. */
import { resolve } from 'node:path'
import type { AnyStateMachine } from 'xstate'
import { isRecord } from '../../domain/json.ts'
import { JarcastError, configInvalid } from '../../errors.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'
import { importModule } from '../process/import-module.ts'
import { describeModuleFault, missingModule } from '../run/module-fault.ts'
import { watchLoading } from '../run/watch-loading.ts'

/**
 * The machine of a journal, from the exports of a module: one whose id is in the journal's header.
 * TypeScript is imported from a copy in the temporary folder of the command, see `importModule`.
 * The module may also export `version`, `upcasters` and `answers` (see `KnownMachine`).
 * Rejects with CONFIG_INVALID if the module cannot be loaded, or has no such machine; with what
 * `readJournal` throws.
 */
export async function loadMachine(file: string, journal: string): Promise<KnownMachine> {
  const { header } = readJournal(journal)
  const exports = await loadModule(file)
  const machines = machinesIn(exports)
  const machine = machines.find(({ id }) => id === header.machine)
  if (machine === undefined) throw noMachine(file, header.machine, machines)
  const { version, upcasters, answers } = exports as Partial<KnownMachine>
  return {
    machine,
    version: version ?? header.version,
    upcasters: upcasters ?? [],
    ...(answers !== undefined && { answers }),
  }
}

async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path)
  const missing = missingModule(file)
  if (missing !== undefined) throw configInvalid('machine', `--machine ${path}: ${missing}`)
  try {
    return await watchLoading(path, () => importModule(file))
  } catch (cause) {
    if (cause instanceof JarcastError) throw cause
    const why = describeModuleFault(file, cause)
    throw new JarcastError('CONFIG_INVALID', `--machine ${path} cannot be loaded: ${why}`, {
      cause,
      details: { setting: 'machine' },
    })
  }
}

/** Not by its class: the module may have an XState of its own. */
function machinesIn(exports: Readonly<Record<string, unknown>>): readonly AnyStateMachine[] {
  return Object.values(exports).filter((value): value is AnyStateMachine => {
    const parts = value as Readonly<Record<string, unknown>> | null | undefined
    return isRecord(parts?.['config']) && isRecord(parts['implementations'])
  })
}

function noMachine(file: string, wanted: string, found: readonly AnyStateMachine[]): JarcastError {
  const ids = found.map(({ id }) => id).join(', ')
  const has = ids === '' ? 'exports no machine' : `exports ${ids}`
  const message = `--machine ${file} ${has}: the journal is of a machine "${wanted}"; export the result of createMachine({ id: '${wanted}' … })`
  return configInvalid('machine', message)
}
