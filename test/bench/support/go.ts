/** Builds peers written in Go, their modules from the Go proxy. Go keeps what it has built and fetched. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const env = { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off' }

/** Builds `packages` of the module in `cwd` into `folder`. Returns why it cannot be done here, if so. */
export async function buildWithGo(
  cwd: string,
  packages: readonly string[],
  folder: string,
): Promise<string | undefined> {
  try {
    await promisify(execFile)('go', ['build', '-o', `${folder}/`, ...packages], { cwd, env })
    return undefined
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'needs Go (apt-get install golang-go)'
    const [line = ''] = message.trim().split('\n').slice(-1)
    return `needs Go's module proxy (${line})`
  }
}
