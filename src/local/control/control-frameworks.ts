/** The commands on the connections of frameworks. */
import type { ClusterNodes } from '../nodes/cluster-nodes.ts'
import type { ClusterControl } from './cluster-control.ts'
import { describeFrameworkConnection, findConnection, refused } from './control-status.ts'
import type { FrameworkState } from './control-status.ts'

export type FrameworkControl = Pick<
  ClusterControl,
  'cutFramework' | 'healFramework' | 'disconnectFramework'
>

export function controlFrameworks(nodes: ClusterNodes): FrameworkControl {
  async function change(
    id: string,
    command: (stream: ReturnType<typeof findConnection>) => void,
  ): Promise<FrameworkState> {
    command(findConnection(nodes, id))
    const state = describeFrameworkConnection(nodes).find((framework) => framework.id === id)
    if (state === undefined) throw refused('unknown', `There is no framework ${id} any more`)
    return Promise.resolve(state)
  }

  function setCut(id: string, isCut: boolean): Promise<FrameworkState> {
    return change(id, (stream) => {
      nodes.place.network.setFrameworkCut(id, isCut)
      stream?.setCut(isCut)
    })
  }

  return {
    cutFramework: (id) => setCut(id, true),
    healFramework: (id) => setCut(id, false),
    disconnectFramework: (id) =>
      change(id, (stream) => {
        if (stream === undefined) throw refused('state', `Framework ${id} is not connected`)
        stream.destroy()
      }),
  }
}
