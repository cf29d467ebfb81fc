/**
 * A framework without Mesos: a machine of its own in plain `createRuntime`, whose jobs are processes
 * of this computer. Its journal is a folder: kill it, give the same command again, and it continues.
 *
 *   node docs/examples/no-mesos.mjs [FOLDER]      without FOLDER: one that is removed at the end
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createRuntime, fingerprintOf, openFileJournal, replay } from 'jarcast/journal'
import { filter, firstValueFrom, from, map, mergeMap, of, catchError } from 'rxjs'
import { jobsMachine } from './jobs.mjs'

const run = promisify(execFile)
const [given] = process.argv.slice(2)
const folder = given ?? (await mkdtemp(join(tmpdir(), 'jobs-')))

const journal = await openFileJournal(folder, {
  header: {
    machine: jobsMachine.id,
    version: '1',
    fingerprint: fingerprintOf(jobsMachine),
    package: 'no-mesos@1.0.0',
  },
})
const isNew = journal.lastSeq === 0
const runtime = createRuntime(jobsMachine, {
  input: undefined,
  journal,
  recoveryEvent: { type: 'process.restarted' },
})

// What a process leaves is the next entry: append, apply, perform.
const result$ = runtime.effect$.pipe(
  mergeMap(({ params: { id, script } }) =>
    from(run(process.execPath, ['-e', script])).pipe(
      map(({ stdout }) => ({ type: 'job.done', id, output: stdout.trim() })),
      catchError(({ code }) => of({ type: 'job.failed', id, exitStatus: code })),
    ),
  ),
)
runtime.connect(result$)
runtime.fact$.subscribe(({ id, how }) => console.log(`${id}: ${how}`))
const idle = firstValueFrom(
  runtime.transition$.pipe(filter(({ snapshot }) => snapshot.value === 'idle')),
)
runtime.start()
if (isNew)
  runtime.dispatch({
    type: 'jobs.submitted',
    jobs: [
      { id: 'sum', script: 'console.log(1 + 2)' },
      { id: 'bad', script: 'process.exit(7)' },
      { id: 'host', script: 'console.log(os.hostname())' },
      { id: 'slow', script: 'setTimeout(() => {}, 300)' },
    ],
  })
await idle
runtime.stop()

// The same entries through the same machine, with nothing performed: the same end.
const replayed = replay(jobsMachine, undefined, journal.startedAt, journal.read())
const steps = [...replayed]
const { ended } = replayed.snapshot.context
await journal.close()
console.log(`replayed ${steps.length} steps: ${Object.keys(ended).length} jobs have ended`)
if (given === undefined) await rm(folder, { recursive: true })
