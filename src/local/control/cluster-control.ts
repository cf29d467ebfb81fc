/** Commands on a cluster, as methods: faults, recoveries, leadership. */
import type {
  AgentState,
  ClusterStatus,
  FrameworkState,
  MasterState,
  NetworkState,
} from './control-status.ts'

/**
 * Injects faults into a cluster, and ends them. Agents are named `agent-1` and so on, masters
 * `master-0` and so on, or by their ids; frameworks by their ids. Every method throws
 * COMMAND_REFUSED: `details.reason` is `unknown` for an unknown name, `state` for a command that is
 * impossible now, `value` for a value out of bounds. Methods return the state after the command;
 * recoveries and elections may still be under way.
 */
export interface ClusterControl {
  status(): ClusterStatus
  /** Kills the agent's process, as by SIGKILL. Its executors live on. */
  killAgent(name: string): Promise<AgentState>
  startAgent(name: string): Promise<AgentState>
  restartAgent(name: string): Promise<AgentState>
  /** Cuts the network between agent and masters. */
  cutAgent(name: string): Promise<AgentState>
  healAgent(name: string): Promise<AgentState>
  /** Marks the agent gone on the leading master, which ends everything that runs there. */
  markAgentGone(name: string): Promise<AgentState>
  /** Kills the agent's tasks and offers nothing of it, as the operator call DRAIN_AGENT does. */
  drainAgent(name: string): Promise<AgentState>
  /** Offers resources of a drained agent again. Refused (`state`) before all tasks have ended. */
  reactivateAgent(name: string): Promise<AgentState>
  /** Simulates a full disk: fetches fail, and so does creating a sandbox. */
  fillDisk(name: string): Promise<AgentState>
  freeDisk(name: string): Promise<AgentState>
  /** Kills the master's process, as by SIGKILL. */
  killMaster(name: string): Promise<MasterState>
  startMaster(name: string): Promise<MasterState>
  restartMaster(name: string): Promise<MasterState>
  /**
   * Makes this master the leader. The leader before ends and starts as a follower, as Mesos masters
   * do.
   */
  leadMaster(name: string): Promise<MasterState>
  /** Ends leadership: no master leads until `leadMaster`. */
  resign(): Promise<ClusterStatus>
  /** Cuts the network between framework and master; neither notices. */
  cutFramework(id: string): Promise<FrameworkState>
  healFramework(id: string): Promise<FrameworkState>
  /** Resets the event stream of the framework, once. */
  disconnectFramework(id: string): Promise<FrameworkState>
  /** Runs an allocation round of the leading master now. */
  allocate(): Promise<ClusterStatus>
  /**
   * Sets the delay of each message between schedulers, masters, agents and executors, one way. 0 to
   * 3,600,000.
   */
  setDelay(delayMs: number): Promise<NetworkState>
}
