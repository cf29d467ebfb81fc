/** The tabs in the middle of the page, in order. An app has those that it can answer. */
import type { ViewEntry } from '../state/view.ts'
import { ClusterView } from './cluster/cluster-view.tsx'
import { LanesView } from './lanes/lanes-view.tsx'
import { LibrariesView } from './libraries/libraries-view.tsx'
import { SandboxView } from './sandbox/sandbox-view.tsx'
import { StatechartView } from './statechart/statechart-view.tsx'

export const views: readonly ViewEntry[] = [
  { id: 'statechart', title: 'Statechart', key: '1', isFor: () => true, View: StatechartView },
  { id: 'sequence', title: 'Sequence', key: '2', isFor: () => true, View: LanesView },
  {
    id: 'cluster',
    title: 'Cluster',
    key: '3',
    isFor: ({ features }) => features.includes('cluster'),
    View: ClusterView,
  },
  {
    id: 'libraries',
    title: 'Libraries',
    key: '4',
    isFor: ({ features }) => features.includes('libraries'),
    View: LibrariesView,
  },
  {
    id: 'sandbox',
    title: 'Sandbox',
    key: '5',
    isFor: ({ features }) => features.includes('sandbox'),
    View: SandboxView,
  },
]
