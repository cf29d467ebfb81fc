/** Runs as files, by way of the server. */
import { takeToken } from './token.ts'

/** Opens a file on the server; answers the id of its app. Rejects with the server's reason. */
export async function openRun(file: File): Promise<string> {
  const address = `inspector/import?name=${encodeURIComponent(file.name)}`
  const response = await request(address, { method: 'POST', body: file })
  return ((await response.json()) as { readonly app: string }).app
}

/** As what a run is saved: lines of a journal or of frames, or a page that needs no server. */
export type SavedAs = 'lines' | 'page'

/** Saves a run on the reader's disk. A link of the page cannot send the token. */
export async function saveRun(app: string, name: string, as: SavedAs): Promise<void> {
  const response = await request(`inspector/export?app=${encodeURIComponent(app)}&as=${as}`, {})
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = `${name.replace(/\.ndjson$/, '')}.${as === 'page' ? 'html' : 'ndjson'}`
  link.click()
  URL.revokeObjectURL(link.href)
}

async function request(address: string, options: RequestInit): Promise<Response> {
  const token = takeToken()
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
  const response = await fetch(address, { ...options, headers })
  if (!response.ok) throw new Error((await response.text()).slice(0, 300))
  return response
}
