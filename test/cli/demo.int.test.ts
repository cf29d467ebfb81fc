import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const demo = fileURLToPath(new URL('../../docs/examples/demo/demo.mjs', import.meta.url))

it('the demo runs its tasks on both agents and keeps the sandboxes', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [demo])
  const [, kept = ''] = /^ {2}agent-1 {2}(.+)$/m.exec(stdout) ?? []
  try {
    for (const host of ['agent-1', 'agent-2']) {
      expect(stdout).toMatch(new RegExp(`^count-${host} .*TASK_FINISHED .*"jar":3`, 'm'))
      // Without Java they fail, and say what to install.
      expect(stdout).toMatch(
        new RegExp(`^load-${host} .*(successfully loaded com|no java found)`, 'm'),
      )
    }
    expect(stdout).toMatch(/MB served in \d+ requests; .* cache hits$/m)
    expect(existsSync(kept)).toBe(true)
  } finally {
    await rm(kept.replace(/(jarcast-demo-[^/]+).*$/, '$1'), { recursive: true, force: true })
  }
})
