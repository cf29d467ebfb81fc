/** What is known of the machine, and the versions of what was measured. */
import { spawnSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'

/** Each with the arguments that make it print its version. */
const programs = {
  nginx: ['/usr/sbin/nginx', '-v'],
  Java: ['java', '-version'],
  Go: ['go', 'version'],
}

export function machine() {
  const model = cpus()[0]?.model ?? 'CPU'
  const versions = Object.entries(programs).flatMap(([name, [command, ...args]]) => {
    const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    const [version] = /\d+(\.\d+)+/.exec(`${stdout ?? ''}${stderr ?? ''}`) ?? []
    return version === undefined ? [] : [[name, version]]
  })
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus().length} × ${model.trim()}`,
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${/^\d+\.\d+/.exec(release())?.[0] ?? release()}`,
    versions: { 'Node.js': process.version.slice(1), ...Object.fromEntries(versions) },
  }
}
