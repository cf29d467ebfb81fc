/** `jarcast/local`: a master and agents in this process, for people with no Mesos at hand. */
export { startLocalCluster } from '../local/cluster.ts'
export type * from '../local/cluster.ts'
