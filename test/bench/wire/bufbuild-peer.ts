/** @bufbuild/protobuf, installed into a folder of the bench, on the .proto files of this project. */
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import protobuf from 'protobufjs'
import extension from 'protobufjs/ext/descriptor.js'
import { descriptor } from '../../../src/mesos/encoding/descriptor.generated.ts'

const version = '2.17.0'

export interface BufbuildPeer {
  decode(bytes: Uint8Array): unknown
  encode(message: unknown): Uint8Array
}

/** What is used of the package. */
interface Bufbuild {
  fromBinary(schema: unknown, bytes: Uint8Array): unknown
  toBinary(schema: unknown, message: unknown): Uint8Array
  createFileRegistry(files: unknown): { getMessage(fullName: string): unknown }
}

/** A function that gives the peer for a message, or why there is none here. */
export async function installBufbuild(
  folder: string,
): Promise<((fullName: string) => BufbuildPeer) | { why: string }> {
  const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund']
  try {
    await promisify(execFile)('npm', ['install', ...options, `@bufbuild/protobuf@${version}`])
  } catch {
    return { why: 'needs the npm registry' }
  }
  const { resolve } = createRequire(join(folder, 'node_modules/peer.js'))
  const load = (name: string) => import(pathToFileURL(resolve(name)).href) as Promise<unknown>
  const bufbuild = (await load('@bufbuild/protobuf')) as Bufbuild
  const { FileDescriptorSetSchema } = (await load('@bufbuild/protobuf/wkt')) as {
    FileDescriptorSetSchema: unknown
  }
  const { fromBinary, toBinary, createFileRegistry } = bufbuild
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, protoFiles()))
  return (fullName) => {
    const schema = registry.getMessage(fullName)
    return {
      decode: (bytes) => fromBinary(schema, bytes),
      encode: (message) => toBinary(schema, message),
    }
  }
}

/** As bytes; protobufjs writes relative names of types, which others do not resolve. */
function protoFiles(): Uint8Array {
  const root = protobuf.Root.fromJSON(descriptor)
  root.resolveAll()
  const set = root.toDescriptor('proto2') as unknown as { file: FileNode[] }
  // Each file after those that it uses.
  const packages = ['mesos.v1', 'mesos.v1.scheduler']
  set.file = packages.flatMap((name) => set.file.filter((file) => file.package === name))
  const nodes = set.file.flatMap(({ package: scope, messageType = [], enumType = [] }) =>
    [...messageType, ...enumType].flatMap((node) => allNodes(`.${scope}`, node)),
  )
  const names = new Set(nodes.map(([name]) => name))
  for (const [name, { field = [] }] of nodes) {
    for (const one of field) if (one.typeName) one.typeName = findName(names, name, one.typeName)
  }
  return extension.FileDescriptorSet.encode(set as never).finish()
}

interface FileNode {
  readonly package: string
  readonly messageType?: readonly TypeNode[]
  readonly enumType?: readonly TypeNode[]
}

interface TypeNode {
  readonly name: string
  readonly field?: { typeName?: string }[]
  readonly nestedType?: readonly TypeNode[]
  readonly enumType?: readonly TypeNode[]
}

function allNodes(scope: string, node: TypeNode): (readonly [string, TypeNode])[] {
  const name = `${scope}.${node.name}`
  const children = [...(node.nestedType ?? []), ...(node.enumType ?? [])]
  return [[name, node], ...children.flatMap((child) => allNodes(name, child))]
}

/** The innermost type of this name that is visible in `scope`. */
function findName(names: ReadonlySet<string>, scope: string, name: string): string {
  if (name.startsWith('.')) return name
  const found = `${scope}.${name}`
  if (names.has(found)) return found
  return scope === '' ? name : findName(names, scope.slice(0, scope.lastIndexOf('.')), name)
}
