// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.

/** 64 bits wide: a number while that is exact, else decimal digits. `Number(value)` takes both. */
export type Int64 = number | string

/** Bytes, in the standard base64 alphabet with padding. */
export type Base64 = string

/** Given by the master at the first SUBSCRIBE; kept by the framework for failover. */
export interface FrameworkID {
  readonly value: string
}

/** Given by the master when an agent registers. */
export interface AgentID {
  readonly value: string
}

/** Valid until the offer is accepted, declined or rescinded. */
export interface OfferID {
  readonly value: string
}

/** Chosen by the framework; unique among its live tasks. */
export interface TaskID {
  readonly value: string
}

/** Chosen by the framework; unique on one agent. */
export interface ExecutorID {
  readonly value: string
}

/** A container, or one nested in `parent`. */
export interface ContainerID {
  readonly value: string
  readonly parent?: ContainerID
}

/** A source of resources beside the agent itself. */
export interface ResourceProviderID {
  readonly value: string
}

/** Chosen by the framework when it wants feedback on an offer operation. */
export interface OperationID {
  readonly value: string
}

/** Sixteen raw bytes. */
export interface UUID {
  readonly value: Base64
}

/** Since the epoch. */
export interface TimeInfo {
  readonly nanoseconds: Int64
}

/** May be negative. */
export interface DurationInfo {
  readonly nanoseconds: Int64
}

/** A maintenance window; without a duration it has no end. */
export interface Unavailability {
  readonly start: TimeInfo
  readonly duration?: DurationInfo
}

/** Where something listens; at least one of hostname and ip. */
export interface Address {
  readonly hostname?: string
  readonly ip?: string
  readonly port: number
}

/** An address with its path and query. */
export interface URL {
  readonly scheme: string
  readonly address: Address
  readonly path?: string
  readonly query?: readonly Parameter[]
  readonly fragment?: string
}

/** Region and zone that a master or agent runs in. */
export interface DomainInfo {
  readonly faultDomain?: DomainInfoFaultDomain
}

export interface DomainInfoFaultDomain {
  readonly region: DomainInfoFaultDomainRegionInfo
  readonly zone: DomainInfoFaultDomainZoneInfo
}

export interface DomainInfoFaultDomainRegionInfo {
  readonly name: string
}

export interface DomainInfoFaultDomainZoneInfo {
  readonly name: string
}

/** One key with an optional value; keys may repeat. */
export interface Label {
  readonly key: string
  readonly value?: string
}

/** Free data, opaque to Mesos. */
export interface Labels {
  readonly labels?: readonly Label[]
}

/** One setting, passed on unchanged. */
export interface Parameter {
  readonly key: string
  readonly value: string
}

/** A list of them. */
export interface Parameters {
  readonly parameter?: readonly Parameter[]
}

/** Variables of a process; a value may come from a secret. */
export interface Environment {
  readonly variables?: readonly EnvironmentVariable[]
}

export interface EnvironmentVariable {
  readonly name: string
  readonly value?: string
  /** Mesos takes "VALUE" when unset. */
  readonly type?: EnvironmentVariableType
  readonly secret?: Secret
}

export type EnvironmentVariableType =
  | 'UNKNOWN'
  | 'VALUE'
  | 'SECRET'

/** A value, or the name of the secret in a secret store. */
export interface Secret {
  readonly type?: SecretType
  readonly reference?: SecretReference
  readonly value?: SecretValue
}

export type SecretType =
  | 'UNKNOWN'
  | 'REFERENCE'
  | 'VALUE'

export interface SecretReference {
  readonly name: string
  readonly key?: string
}

export interface SecretValue {
  readonly data: Base64
}

/** A principal and its secret. */
export interface Credential {
  readonly principal: string
  readonly secret?: string
}

/** The four forms an amount or attribute can take. */
export interface Value {
  readonly type: ValueType
  readonly scalar?: ValueScalar
  readonly ranges?: ValueRanges
  readonly set?: ValueSet
  readonly text?: ValueText
}

export type ValueType =
  | 'SCALAR'
  | 'RANGES'
  | 'SET'
  | 'TEXT'

export interface ValueScalar {
  readonly value: number
}

export interface ValueRanges {
  readonly range?: readonly ValueRange[]
}

export interface ValueSet {
  readonly item?: readonly string[]
}

export interface ValueText {
  readonly value: string
}

export interface ValueRange {
  readonly begin: Int64
  readonly end: Int64
}

/** A fact about an agent, shown in its offers. */
export interface Attribute {
  readonly name: string
  readonly type: ValueType
  readonly scalar?: ValueScalar
  readonly ranges?: ValueRanges
  readonly text?: ValueText
  readonly set?: ValueSet
}

/** An amount of a resource on an agent, with its allocation, reservations and volume. */
export interface Resource {
  readonly name: string
  readonly type: ValueType
  readonly scalar?: ValueScalar
  readonly ranges?: ValueRanges
  readonly set?: ValueSet
  /** Mesos takes "*" when unset. @deprecated by Mesos */
  readonly role?: string
  readonly disk?: ResourceDiskInfo
  readonly reservation?: ResourceReservationInfo
  readonly revocable?: ResourceRevocableInfo
  readonly shared?: ResourceSharedInfo
  readonly allocationInfo?: ResourceAllocationInfo
  readonly providerId?: ResourceProviderID
  readonly reservations?: readonly ResourceReservationInfo[]
}

export interface ResourceDiskInfo {
  readonly persistence?: ResourceDiskInfoPersistence
  readonly volume?: Volume
  readonly source?: ResourceDiskInfoSource
}

export interface ResourceDiskInfoPersistence {
  readonly id: string
  readonly principal?: string
}

export interface ResourceDiskInfoSource {
  readonly type: ResourceDiskInfoSourceType
  readonly path?: ResourceDiskInfoSourcePath
  readonly mount?: ResourceDiskInfoSourceMount
  readonly id?: string
  readonly metadata?: Labels
  readonly profile?: string
  readonly vendor?: string
}

export type ResourceDiskInfoSourceType =
  | 'UNKNOWN'
  | 'PATH'
  | 'MOUNT'
  | 'BLOCK'
  | 'RAW'

export interface ResourceDiskInfoSourcePath {
  readonly root?: string
}

export interface ResourceDiskInfoSourceMount {
  readonly root?: string
}

export interface ResourceReservationInfo {
  readonly principal?: string
  readonly labels?: Labels
  readonly role?: string
  readonly type?: ResourceReservationInfoType
}

export type ResourceReservationInfoType =
  | 'UNKNOWN'
  | 'STATIC'
  | 'DYNAMIC'

export type ResourceRevocableInfo = Readonly<Record<string, never>>

export type ResourceSharedInfo = Readonly<Record<string, never>>

export interface ResourceAllocationInfo {
  readonly role?: string
}

/** URIs to fetch, and a command to run: a shell line, or a program with arguments. */
export interface CommandInfo {
  readonly uris?: readonly CommandInfoURI[]
  readonly environment?: Environment
  readonly value?: string
  readonly user?: string
  /** Mesos takes true when unset. */
  readonly shell?: boolean
  readonly arguments?: readonly string[]
}

export interface CommandInfoURI {
  readonly value: string
  readonly executable?: boolean
  /** Mesos takes true when unset. */
  readonly extract?: boolean
  readonly cache?: boolean
  readonly outputFile?: string
}

/** Time between asking a task to end and ending it. */
export interface KillPolicy {
  readonly gracePeriod?: DurationInfo
}

/** POSIX limits of a process. */
export interface RLimitInfo {
  readonly rlimits?: readonly RLimitInfoRLimit[]
}

export interface RLimitInfoRLimit {
  readonly type?: RLimitInfoRLimitType
  readonly hard?: Int64
  readonly soft?: Int64
}

export type RLimitInfoRLimitType =
  | 'UNKNOWN'
  | 'RLMT_AS'
  | 'RLMT_CORE'
  | 'RLMT_CPU'
  | 'RLMT_DATA'
  | 'RLMT_FSIZE'
  | 'RLMT_LOCKS'
  | 'RLMT_MEMLOCK'
  | 'RLMT_MSGQUEUE'
  | 'RLMT_NICE'
  | 'RLMT_NOFILE'
  | 'RLMT_NPROC'
  | 'RLMT_RSS'
  | 'RLMT_RTPRIO'
  | 'RLMT_RTTIME'
  | 'RLMT_SIGPENDING'
  | 'RLMT_STACK'

/** Linux capabilities. */
export interface CapabilityInfo {
  readonly capabilities?: readonly CapabilityInfoCapability[]
}

export type CapabilityInfoCapability =
  | 'UNKNOWN'
  | 'CHOWN'
  | 'DAC_OVERRIDE'
  | 'DAC_READ_SEARCH'
  | 'FOWNER'
  | 'FSETID'
  | 'KILL'
  | 'SETGID'
  | 'SETUID'
  | 'SETPCAP'
  | 'LINUX_IMMUTABLE'
  | 'NET_BIND_SERVICE'
  | 'NET_BROADCAST'
  | 'NET_ADMIN'
  | 'NET_RAW'
  | 'IPC_LOCK'
  | 'IPC_OWNER'
  | 'SYS_MODULE'
  | 'SYS_RAWIO'
  | 'SYS_CHROOT'
  | 'SYS_PTRACE'
  | 'SYS_PACCT'
  | 'SYS_ADMIN'
  | 'SYS_BOOT'
  | 'SYS_NICE'
  | 'SYS_RESOURCE'
  | 'SYS_TIME'
  | 'SYS_TTY_CONFIG'
  | 'MKNOD'
  | 'LEASE'
  | 'AUDIT_WRITE'
  | 'AUDIT_CONTROL'
  | 'SETFCAP'
  | 'MAC_OVERRIDE'
  | 'MAC_ADMIN'
  | 'SYSLOG'
  | 'WAKE_ALARM'
  | 'BLOCK_SUSPEND'
  | 'AUDIT_READ'
  | 'PERFMON'
  | 'BPF'
  | 'CHECKPOINT_RESTORE'

/** Which system call filter applies. */
export interface SeccompInfo {
  readonly profileName?: string
  readonly unconfined?: boolean
}

/** Options for Linux agents. */
export interface LinuxInfo {
  /** @deprecated by Mesos */
  readonly capabilityInfo?: CapabilityInfo
  readonly boundingCapabilities?: CapabilityInfo
  readonly effectiveCapabilities?: CapabilityInfo
  readonly sharePidNamespace?: boolean
  readonly seccomp?: SeccompInfo
  readonly ipcMode?: LinuxInfoIpcMode
  readonly shmSize?: number
  /** Mesos takes true when unset. */
  readonly shareCgroups?: boolean
}

export type LinuxInfoIpcMode =
  | 'UNKNOWN'
  | 'PRIVATE'
  | 'SHARE_PARENT'

/** A terminal and its size. */
export interface TTYInfo {
  readonly windowSize?: TTYInfoWindowSize
}

export interface TTYInfoWindowSize {
  readonly rows: number
  readonly columns: number
}

/** Root file system: an Appc or a Docker image. */
export interface Image {
  readonly type: ImageType
  readonly appc?: ImageAppc
  readonly docker?: ImageDocker
  /** Mesos takes true when unset. */
  readonly cached?: boolean
}

export type ImageType =
  | 'APPC'
  | 'DOCKER'

export interface ImageAppc {
  readonly name: string
  readonly id?: string
  readonly labels?: Labels
}

export interface ImageDocker {
  readonly name: string
  /** @deprecated by Mesos */
  readonly credential?: Credential
  readonly config?: Secret
}

/** Propagation of later mounts. */
export interface MountPropagation {
  readonly mode?: MountPropagationMode
}

export type MountPropagationMode =
  | 'UNKNOWN'
  | 'HOST_TO_CONTAINER'
  | 'BIDIRECTIONAL'

/** A path in the container with its source. */
export interface Volume {
  readonly containerPath: string
  readonly hostPath?: string
  readonly mode: VolumeMode
  readonly image?: Image
  readonly source?: VolumeSource
}

export type VolumeMode =
  | 'RW'
  | 'RO'

export interface VolumeSource {
  readonly type?: VolumeSourceType
  readonly dockerVolume?: VolumeSourceDockerVolume
  readonly sandboxPath?: VolumeSourceSandboxPath
  readonly secret?: Secret
  readonly hostPath?: VolumeSourceHostPath
  readonly csiVolume?: VolumeSourceCSIVolume
}

export type VolumeSourceType =
  | 'UNKNOWN'
  | 'DOCKER_VOLUME'
  | 'SANDBOX_PATH'
  | 'SECRET'
  | 'HOST_PATH'
  | 'CSI_VOLUME'

export interface VolumeSourceDockerVolume {
  readonly driver?: string
  readonly name: string
  readonly driverOptions?: Parameters
}

export interface VolumeSourceSandboxPath {
  readonly type?: VolumeSourceSandboxPathType
  readonly path: string
}

export type VolumeSourceSandboxPathType =
  | 'UNKNOWN'
  | 'SELF'
  | 'PARENT'

export interface VolumeSourceHostPath {
  readonly path: string
  readonly mountPropagation?: MountPropagation
}

export interface VolumeSourceCSIVolume {
  readonly pluginName: string
  readonly staticProvisioning?: VolumeSourceCSIVolumeStaticProvisioning
}

export interface VolumeSourceCSIVolumeStaticProvisioning {
  readonly volumeId: string
  readonly volumeCapability: VolumeSourceCSIVolumeVolumeCapability
  readonly nodeStageSecrets?: Readonly<Record<string, Secret>>
  readonly nodePublishSecrets?: Readonly<Record<string, Secret>>
  readonly volumeContext?: Readonly<Record<string, string>>
}

export interface VolumeSourceCSIVolumeVolumeCapability {
  readonly block?: VolumeSourceCSIVolumeVolumeCapabilityBlockVolume
  readonly mount?: VolumeSourceCSIVolumeVolumeCapabilityMountVolume
  readonly accessMode: VolumeSourceCSIVolumeVolumeCapabilityAccessMode
}

export type VolumeSourceCSIVolumeVolumeCapabilityBlockVolume = Readonly<Record<string, never>>

export interface VolumeSourceCSIVolumeVolumeCapabilityMountVolume {
  readonly fsType?: string
  readonly mountFlags?: readonly string[]
}

export interface VolumeSourceCSIVolumeVolumeCapabilityAccessMode {
  readonly mode: VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode
}

export type VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode =
  | 'UNKNOWN'
  | 'SINGLE_NODE_WRITER'
  | 'SINGLE_NODE_READER_ONLY'
  | 'MULTI_NODE_READER_ONLY'
  | 'MULTI_NODE_SINGLE_WRITER'
  | 'MULTI_NODE_MULTI_WRITER'

/** A network to join, addresses, port mappings. */
export interface NetworkInfo {
  readonly groups?: readonly string[]
  readonly labels?: Labels
  readonly ipAddresses?: readonly NetworkInfoIPAddress[]
  readonly name?: string
  readonly portMappings?: readonly NetworkInfoPortMapping[]
}

export type NetworkInfoProtocol =
  | 'IPv4'
  | 'IPv6'

export interface NetworkInfoIPAddress {
  /** Mesos takes "IPv4" when unset. */
  readonly protocol?: NetworkInfoProtocol
  readonly ipAddress?: string
}

export interface NetworkInfoPortMapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol?: string
}

/** Image, volumes and networks of a container. */
export interface ContainerInfo {
  readonly type: ContainerInfoType
  readonly volumes?: readonly Volume[]
  readonly docker?: ContainerInfoDockerInfo
  readonly hostname?: string
  readonly mesos?: ContainerInfoMesosInfo
  readonly networkInfos?: readonly NetworkInfo[]
  readonly linuxInfo?: LinuxInfo
  readonly rlimitInfo?: RLimitInfo
  readonly ttyInfo?: TTYInfo
}

export type ContainerInfoType =
  | 'DOCKER'
  | 'MESOS'

export interface ContainerInfoDockerInfo {
  readonly image: string
  /** Mesos takes "HOST" when unset. */
  readonly network?: ContainerInfoDockerInfoNetwork
  readonly portMappings?: readonly ContainerInfoDockerInfoPortMapping[]
  /** Mesos takes false when unset. */
  readonly privileged?: boolean
  readonly parameters?: readonly Parameter[]
  readonly forcePullImage?: boolean
  /** @deprecated by Mesos */
  readonly volumeDriver?: string
}

export type ContainerInfoDockerInfoNetwork =
  | 'HOST'
  | 'BRIDGE'
  | 'NONE'
  | 'USER'

export interface ContainerInfoDockerInfoPortMapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol?: string
}

export interface ContainerInfoMesosInfo {
  readonly image?: Image
}

/** A device node. */
export interface Device {
  readonly path?: string
  readonly number?: DeviceNumber
}

export interface DeviceNumber {
  readonly majorNumber: Int64
  readonly minorNumber: Int64
}

/** Control groups of a running container. */
export interface CgroupInfo {
  readonly netCls?: CgroupInfoNetCls
}

export type CgroupInfoBlkio = Readonly<Record<string, never>>

export type CgroupInfoBlkioOperation =
  | 'UNKNOWN'
  | 'TOTAL'
  | 'READ'
  | 'WRITE'
  | 'SYNC'
  | 'ASYNC'
  | 'DISCARD'

export interface CgroupInfoBlkioValue {
  readonly op?: CgroupInfoBlkioOperation
  readonly value?: Int64
}

export type CgroupInfoBlkioCFQ = Readonly<Record<string, never>>

export interface CgroupInfoBlkioCFQStatistics {
  readonly device?: DeviceNumber
  readonly sectors?: Int64
  readonly time?: Int64
  readonly ioServiced?: readonly CgroupInfoBlkioValue[]
  readonly ioServiceBytes?: readonly CgroupInfoBlkioValue[]
  readonly ioServiceTime?: readonly CgroupInfoBlkioValue[]
  readonly ioWaitTime?: readonly CgroupInfoBlkioValue[]
  readonly ioMerged?: readonly CgroupInfoBlkioValue[]
  readonly ioQueued?: readonly CgroupInfoBlkioValue[]
}

export type CgroupInfoBlkioThrottling = Readonly<Record<string, never>>

export interface CgroupInfoBlkioThrottlingStatistics {
  readonly device?: DeviceNumber
  readonly ioServiced?: readonly CgroupInfoBlkioValue[]
  readonly ioServiceBytes?: readonly CgroupInfoBlkioValue[]
}

export interface CgroupInfoBlkioStatistics {
  readonly cfq?: readonly CgroupInfoBlkioCFQStatistics[]
  readonly cfqRecursive?: readonly CgroupInfoBlkioCFQStatistics[]
  readonly throttling?: readonly CgroupInfoBlkioThrottlingStatistics[]
}

export interface CgroupInfoNetCls {
  readonly classid?: number
}

/** The container, as in a status update. */
export interface ContainerStatus {
  readonly networkInfos?: readonly NetworkInfo[]
  readonly cgroupInfo?: CgroupInfo
  readonly executorPid?: number
  readonly containerId?: ContainerID
}

/** A probe whose result is reported only. */
export interface CheckInfo {
  readonly type?: CheckInfoType
  readonly command?: CheckInfoCommand
  readonly http?: CheckInfoHttp
  /** Mesos takes 15 when unset. */
  readonly delaySeconds?: number
  /** Mesos takes 10 when unset. */
  readonly intervalSeconds?: number
  /** Mesos takes 20 when unset. */
  readonly timeoutSeconds?: number
  readonly tcp?: CheckInfoTcp
}

export type CheckInfoType =
  | 'UNKNOWN'
  | 'COMMAND'
  | 'HTTP'
  | 'TCP'

export interface CheckInfoCommand {
  readonly command: CommandInfo
}

export interface CheckInfoHttp {
  readonly port: number
  readonly path?: string
}

export interface CheckInfoTcp {
  readonly port: number
}

/** A probe whose failures end the task. */
export interface HealthCheck {
  readonly http?: HealthCheckHTTPCheckInfo
  /** Mesos takes 15 when unset. */
  readonly delaySeconds?: number
  /** Mesos takes 10 when unset. */
  readonly intervalSeconds?: number
  /** Mesos takes 20 when unset. */
  readonly timeoutSeconds?: number
  /** Mesos takes 3 when unset. */
  readonly consecutiveFailures?: number
  /** Mesos takes 10 when unset. */
  readonly gracePeriodSeconds?: number
  readonly command?: CommandInfo
  readonly type?: HealthCheckType
  readonly tcp?: HealthCheckTCPCheckInfo
}

export type HealthCheckType =
  | 'UNKNOWN'
  | 'COMMAND'
  | 'HTTP'
  | 'TCP'

export interface HealthCheckHTTPCheckInfo {
  readonly port: number
  readonly path?: string
  readonly scheme?: string
  readonly statuses?: readonly number[]
  /** Mesos takes "IPv4" when unset. */
  readonly protocol?: NetworkInfoProtocol
}

export interface HealthCheckTCPCheckInfo {
  readonly port: number
  /** Mesos takes "IPv4" when unset. */
  readonly protocol?: NetworkInfoProtocol
}

/** The last result of a check. */
export interface CheckStatusInfo {
  readonly type?: CheckInfoType
  readonly command?: CheckStatusInfoCommand
  readonly http?: CheckStatusInfoHttp
  readonly tcp?: CheckStatusInfoTcp
}

export interface CheckStatusInfoCommand {
  readonly exitCode?: number
}

export interface CheckStatusInfoHttp {
  readonly statusCode?: number
}

export interface CheckStatusInfoTcp {
  readonly succeeded?: boolean
}

/** A named port. */
export interface Port {
  readonly number: number
  readonly name?: string
  readonly protocol?: string
  readonly visibility?: DiscoveryInfoVisibility
  readonly labels?: Labels
}

/** A list of them. */
export interface Ports {
  readonly ports?: readonly Port[]
}

/** How a service directory should announce a task or executor. */
export interface DiscoveryInfo {
  readonly visibility: DiscoveryInfoVisibility
  readonly name?: string
  readonly environment?: string
  readonly location?: string
  readonly version?: string
  readonly ports?: Ports
  readonly labels?: Labels
}

export type DiscoveryInfoVisibility =
  | 'FRAMEWORK'
  | 'CLUSTER'
  | 'EXTERNAL'

/** Minimum amounts of an offer. */
export interface OfferFilters {
  readonly minAllocatableResources?: OfferFiltersMinAllocatableResources
}

export interface OfferFiltersMinAllocatableResources {
  readonly quantities?: readonly OfferFiltersResourceQuantities[]
}

export interface OfferFiltersResourceQuantities {
  readonly quantities?: Readonly<Record<string, ValueScalar>>
}

/** A framework: its id, roles and capabilities. */
export interface FrameworkInfo {
  readonly user: string
  readonly name: string
  readonly id?: FrameworkID
  /** Mesos takes 0 when unset. */
  readonly failoverTimeout?: number
  /** Mesos takes false when unset. */
  readonly checkpoint?: boolean
  /** Mesos takes "*" when unset. @deprecated by Mesos */
  readonly role?: string
  readonly hostname?: string
  readonly principal?: string
  readonly webuiUrl?: string
  readonly capabilities?: readonly FrameworkInfoCapability[]
  readonly labels?: Labels
  readonly roles?: readonly string[]
  readonly offerFilters?: Readonly<Record<string, OfferFilters>>
}

export interface FrameworkInfoCapability {
  readonly type?: FrameworkInfoCapabilityType
}

export type FrameworkInfoCapabilityType =
  | 'UNKNOWN'
  | 'REVOCABLE_RESOURCES'
  | 'TASK_KILLING_STATE'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'PARTITION_AWARE'
  | 'MULTI_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE'

/** The leading master; also the data of its ZooKeeper node. */
export interface MasterInfo {
  readonly id: string
  readonly ip: number
  /** Mesos takes 5050 when unset. */
  readonly port: number
  readonly pid?: string
  readonly hostname?: string
  readonly version?: string
  readonly address?: Address
  readonly domain?: DomainInfo
  readonly capabilities?: readonly MasterInfoCapability[]
}

export interface MasterInfoCapability {
  readonly type?: MasterInfoCapabilityType
}

export type MasterInfoCapabilityType =
  | 'UNKNOWN'
  | 'AGENT_UPDATE'
  | 'AGENT_DRAINING'
  | 'QUOTA_V2'

/** An agent as its executors see it. */
export interface AgentInfo {
  readonly hostname: string
  readonly resources?: readonly Resource[]
  readonly attributes?: readonly Attribute[]
  readonly id?: AgentID
  /** Mesos takes 5051 when unset. */
  readonly port?: number
  readonly domain?: DomainInfo
}

export interface AgentInfoCapability {
  readonly type?: AgentInfoCapabilityType
}

export type AgentInfoCapabilityType =
  | 'UNKNOWN'
  | 'MULTI_ROLE'
  | 'HIERARCHICAL_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'RESOURCE_PROVIDER'
  | 'RESIZE_VOLUME'
  | 'AGENT_OPERATION_FEEDBACK'
  | 'AGENT_DRAINING'
  | 'TASK_RESOURCE_LIMITS'

/** The process that runs tasks. Must stay equal for one id on one agent while it lives. */
export interface ExecutorInfo {
  readonly executorId: ExecutorID
  readonly data?: Base64
  readonly resources?: readonly Resource[]
  readonly command?: CommandInfo
  readonly frameworkId?: FrameworkID
  readonly name?: string
  /** @deprecated by Mesos */
  readonly source?: string
  readonly container?: ContainerInfo
  readonly discovery?: DiscoveryInfo
  readonly shutdownGracePeriod?: DurationInfo
  readonly labels?: Labels
  readonly type?: ExecutorInfoType
}

export type ExecutorInfoType =
  | 'UNKNOWN'
  | 'DEFAULT'
  | 'CUSTOM'

/** One unit of work, with either a command or an executor. */
export interface TaskInfo {
  readonly name: string
  readonly taskId: TaskID
  readonly agentId: AgentID
  readonly resources?: readonly Resource[]
  readonly executor?: ExecutorInfo
  readonly data?: Base64
  readonly command?: CommandInfo
  readonly healthCheck?: HealthCheck
  readonly container?: ContainerInfo
  readonly labels?: Labels
  readonly discovery?: DiscoveryInfo
  readonly killPolicy?: KillPolicy
  readonly check?: CheckInfo
  readonly maxCompletionTime?: DurationInfo
  readonly limits?: Readonly<Record<string, ValueScalar>>
}

/** Tasks that start together, or not at all. */
export interface TaskGroupInfo {
  readonly tasks?: readonly TaskInfo[]
}

/** Life of a task; all but STAGING, STARTING, RUNNING, KILLING, UNREACHABLE and UNKNOWN are final. */
export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_LOST'
  | 'TASK_ERROR'
  | 'TASK_KILLING'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN'

/** Which limit a task ran into. */
export interface TaskResourceLimitation {
  readonly resources?: readonly Resource[]
}

/** A status of a task. An update with a uuid must be acknowledged, one without must not. */
export interface TaskStatus {
  readonly taskId: TaskID
  readonly state: TaskState
  readonly data?: Base64
  readonly message?: string
  readonly agentId?: AgentID
  readonly timestamp?: number
  readonly executorId?: ExecutorID
  readonly healthy?: boolean
  readonly source?: TaskStatusSource
  readonly reason?: TaskStatusReason
  readonly uuid?: Base64
  readonly labels?: Labels
  readonly containerStatus?: ContainerStatus
  readonly unreachableTime?: TimeInfo
  readonly checkStatus?: CheckStatusInfo
  readonly limitation?: TaskResourceLimitation
}

export type TaskStatusSource =
  | 'SOURCE_MASTER'
  | 'SOURCE_AGENT'
  | 'SOURCE_EXECUTOR'

export type TaskStatusReason =
  | 'REASON_COMMAND_EXECUTOR_FAILED'
  | 'REASON_EXECUTOR_TERMINATED'
  | 'REASON_EXECUTOR_UNREGISTERED'
  | 'REASON_FRAMEWORK_REMOVED'
  | 'REASON_GC_ERROR'
  | 'REASON_INVALID_FRAMEWORKID'
  | 'REASON_INVALID_OFFERS'
  | 'REASON_MASTER_DISCONNECTED'
  | 'REASON_CONTAINER_LIMITATION_MEMORY'
  | 'REASON_RECONCILIATION'
  | 'REASON_AGENT_DISCONNECTED'
  | 'REASON_AGENT_REMOVED'
  | 'REASON_AGENT_RESTARTED'
  | 'REASON_AGENT_UNKNOWN'
  | 'REASON_TASK_INVALID'
  | 'REASON_TASK_UNAUTHORIZED'
  | 'REASON_TASK_UNKNOWN'
  | 'REASON_CONTAINER_PREEMPTED'
  | 'REASON_RESOURCES_UNKNOWN'
  | 'REASON_CONTAINER_LIMITATION'
  | 'REASON_CONTAINER_LIMITATION_DISK'
  | 'REASON_CONTAINER_LAUNCH_FAILED'
  | 'REASON_CONTAINER_UPDATE_FAILED'
  | 'REASON_EXECUTOR_REGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT'
  | 'REASON_TASK_GROUP_INVALID'
  | 'REASON_TASK_GROUP_UNAUTHORIZED'
  | 'REASON_IO_SWITCHBOARD_EXITED'
  | 'REASON_TASK_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_KILLED_DURING_LAUNCH'
  | 'REASON_AGENT_REMOVED_BY_OPERATOR'
  | 'REASON_AGENT_REREGISTERED'
  | 'REASON_MAX_COMPLETION_TIME_REACHED'
  | 'REASON_AGENT_DRAINING'

/** A request for resources. Mesos' own allocator ignores it. */
export interface Request {
  readonly agentId?: AgentID
  readonly resources?: readonly Resource[]
}

/** Resources of one agent, offered to one role, and the operations on them. */
export interface Offer {
  readonly id: OfferID
  readonly frameworkId: FrameworkID
  readonly agentId: AgentID
  readonly hostname: string
  readonly resources?: readonly Resource[]
  readonly executorIds?: readonly ExecutorID[]
  readonly attributes?: readonly Attribute[]
  readonly url?: URL
  readonly unavailability?: Unavailability
  readonly allocationInfo?: ResourceAllocationInfo
  readonly domain?: DomainInfo
}

export type OfferOperation =
  | { readonly type: 'UNKNOWN'; readonly id?: OperationID; readonly unknownType?: string }
  | { readonly type: 'LAUNCH'; readonly id?: OperationID; readonly launch: OfferOperationLaunch }
  | { readonly type: 'RESERVE'; readonly id?: OperationID; readonly reserve: OfferOperationReserve }
  | { readonly type: 'UNRESERVE'; readonly id?: OperationID; readonly unreserve: OfferOperationUnreserve }
  | { readonly type: 'CREATE'; readonly id?: OperationID; readonly create: OfferOperationCreate }
  | { readonly type: 'DESTROY'; readonly id?: OperationID; readonly destroy: OfferOperationDestroy }
  | { readonly type: 'LAUNCH_GROUP'; readonly id?: OperationID; readonly launchGroup: OfferOperationLaunchGroup }
  | { readonly type: 'GROW_VOLUME'; readonly id?: OperationID; readonly growVolume: OfferOperationGrowVolume }
  | { readonly type: 'SHRINK_VOLUME'; readonly id?: OperationID; readonly shrinkVolume: OfferOperationShrinkVolume }
  | { readonly type: 'CREATE_DISK'; readonly id?: OperationID; readonly createDisk: OfferOperationCreateDisk }
  | { readonly type: 'DESTROY_DISK'; readonly id?: OperationID; readonly destroyDisk: OfferOperationDestroyDisk }

export type OfferOperationType =
  | 'UNKNOWN'
  | 'LAUNCH'
  | 'RESERVE'
  | 'UNRESERVE'
  | 'CREATE'
  | 'DESTROY'
  | 'LAUNCH_GROUP'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'CREATE_DISK'
  | 'DESTROY_DISK'

export interface OfferOperationLaunch {
  readonly taskInfos?: readonly TaskInfo[]
}

export interface OfferOperationReserve {
  readonly resources?: readonly Resource[]
  readonly source?: readonly Resource[]
}

export interface OfferOperationUnreserve {
  readonly resources?: readonly Resource[]
}

export interface OfferOperationCreate {
  readonly volumes?: readonly Resource[]
}

export interface OfferOperationDestroy {
  readonly volumes?: readonly Resource[]
}

export interface OfferOperationLaunchGroup {
  readonly executor: ExecutorInfo
  readonly taskGroup: TaskGroupInfo
}

export interface OfferOperationGrowVolume {
  readonly volume: Resource
  readonly addition: Resource
}

export interface OfferOperationShrinkVolume {
  readonly volume: Resource
  readonly subtract: ValueScalar
}

export interface OfferOperationCreateDisk {
  readonly source: Resource
  readonly targetType: ResourceDiskInfoSourceType
  readonly targetProfile?: string
}

export interface OfferOperationDestroyDisk {
  readonly source: Resource
}

/** The master requests resources back. */
export interface InverseOffer {
  readonly id: OfferID
  readonly url?: URL
  readonly frameworkId: FrameworkID
  readonly agentId?: AgentID
  readonly unavailability: Unavailability
  readonly resources?: readonly Resource[]
}

/** How long declined resources are not offered to this framework. */
export interface Filters {
  /** Mesos takes 5 when unset. */
  readonly refuseSeconds?: number
}

/** Life of an offer operation. */
export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN'

/** A status of an operation, acknowledged like a task's. */
export interface OperationStatus {
  readonly operationId?: OperationID
  readonly state: OperationState
  readonly message?: string
  readonly convertedResources?: readonly Resource[]
  readonly uuid?: UUID
  readonly agentId?: AgentID
  readonly resourceProviderId?: ResourceProviderID
}

/** One test of an agent attribute. */
export interface SchedulerAttributeConstraint {
  readonly selector: SchedulerAttributeConstraintSelector
  readonly predicate: SchedulerAttributeConstraintPredicate
}

export interface SchedulerAttributeConstraintSelector {
  readonly pseudoattributeType?: SchedulerAttributeConstraintSelectorPseudoattributeType
  readonly attributeName?: string
}

export type SchedulerAttributeConstraintSelectorPseudoattributeType =
  | 'UNKNOWN'
  | 'HOSTNAME'
  | 'REGION'
  | 'ZONE'

export interface SchedulerAttributeConstraintPredicate {
  readonly exists?: SchedulerAttributeConstraintPredicateExists
  readonly notExists?: SchedulerAttributeConstraintPredicateNotExists
  readonly textEquals?: SchedulerAttributeConstraintPredicateTextEquals
  readonly textNotEquals?: SchedulerAttributeConstraintPredicateTextNotEquals
  readonly textMatches?: SchedulerAttributeConstraintPredicateTextMatches
  readonly textNotMatches?: SchedulerAttributeConstraintPredicateTextNotMatches
}

export type SchedulerAttributeConstraintPredicateExists = Readonly<Record<string, never>>

export type SchedulerAttributeConstraintPredicateNotExists = Readonly<Record<string, never>>

export interface SchedulerAttributeConstraintPredicateTextEquals {
  readonly value: string
}

export interface SchedulerAttributeConstraintPredicateTextNotEquals {
  readonly value: string
}

export interface SchedulerAttributeConstraintPredicateTextMatches {
  readonly regex: string
}

export interface SchedulerAttributeConstraintPredicateTextNotMatches {
  readonly regex: string
}

/** Per role: agents to be offered must pass all tests of at least one group. */
export interface SchedulerOfferConstraints {
  readonly roleConstraints?: Readonly<Record<string, SchedulerOfferConstraintsRoleConstraints>>
}

export interface SchedulerOfferConstraintsRoleConstraints {
  readonly groups?: readonly SchedulerOfferConstraintsRoleConstraintsGroup[]
}

export interface SchedulerOfferConstraintsRoleConstraintsGroup {
  readonly attributeConstraints?: readonly SchedulerAttributeConstraint[]
}

/** `type` names the field that is set. */
export type SchedulerEvent =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'SUBSCRIBED'; readonly subscribed: SchedulerEventSubscribed }
  | { readonly type: 'OFFERS'; readonly offers: SchedulerEventOffers }
  | { readonly type: 'RESCIND'; readonly rescind: SchedulerEventRescind }
  | { readonly type: 'UPDATE'; readonly update: SchedulerEventUpdate }
  | { readonly type: 'MESSAGE'; readonly message: SchedulerEventMessage }
  | { readonly type: 'FAILURE'; readonly failure: SchedulerEventFailure }
  | { readonly type: 'ERROR'; readonly error: SchedulerEventError }
  | { readonly type: 'HEARTBEAT' }
  | { readonly type: 'INVERSE_OFFERS'; readonly inverseOffers: SchedulerEventInverseOffers }
  | { readonly type: 'RESCIND_INVERSE_OFFER'; readonly rescindInverseOffer: SchedulerEventRescindInverseOffer }
  | { readonly type: 'UPDATE_OPERATION_STATUS'; readonly updateOperationStatus: SchedulerEventUpdateOperationStatus }

export type SchedulerEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'OFFERS'
  | 'RESCIND'
  | 'UPDATE'
  | 'MESSAGE'
  | 'FAILURE'
  | 'ERROR'
  | 'HEARTBEAT'
  | 'INVERSE_OFFERS'
  | 'RESCIND_INVERSE_OFFER'
  | 'UPDATE_OPERATION_STATUS'

export interface SchedulerEventSubscribed {
  readonly frameworkId: FrameworkID
  readonly heartbeatIntervalSeconds?: number
  readonly masterInfo?: MasterInfo
}

export interface SchedulerEventOffers {
  readonly offers?: readonly Offer[]
}

export interface SchedulerEventRescind {
  readonly offerId: OfferID
}

export interface SchedulerEventUpdate {
  readonly status: TaskStatus
}

export interface SchedulerEventMessage {
  readonly agentId: AgentID
  readonly executorId: ExecutorID
  readonly data: Base64
}

export interface SchedulerEventFailure {
  readonly agentId?: AgentID
  readonly executorId?: ExecutorID
  readonly status?: number
}

export interface SchedulerEventError {
  readonly message: string
}

export interface SchedulerEventInverseOffers {
  readonly inverseOffers?: readonly InverseOffer[]
}

export interface SchedulerEventRescindInverseOffer {
  readonly inverseOfferId: OfferID
}

export interface SchedulerEventUpdateOperationStatus {
  readonly status: OperationStatus
}

/** `type` names the field that is set; TEARDOWN has none, REVIVE and SUPPRESS may have none. */
export type SchedulerCall =
  | { readonly type: 'UNKNOWN'; readonly frameworkId?: FrameworkID }
  | { readonly type: 'SUBSCRIBE'; readonly frameworkId?: FrameworkID; readonly subscribe: SchedulerCallSubscribe }
  | { readonly type: 'TEARDOWN'; readonly frameworkId?: FrameworkID }
  | { readonly type: 'ACCEPT'; readonly frameworkId?: FrameworkID; readonly accept: SchedulerCallAccept }
  | { readonly type: 'DECLINE'; readonly frameworkId?: FrameworkID; readonly decline: SchedulerCallDecline }
  | { readonly type: 'REVIVE'; readonly frameworkId?: FrameworkID; readonly revive?: SchedulerCallRevive }
  | { readonly type: 'KILL'; readonly frameworkId?: FrameworkID; readonly kill: SchedulerCallKill }
  | { readonly type: 'SHUTDOWN'; readonly frameworkId?: FrameworkID; readonly shutdown: SchedulerCallShutdown }
  | { readonly type: 'ACKNOWLEDGE'; readonly frameworkId?: FrameworkID; readonly acknowledge: SchedulerCallAcknowledge }
  | { readonly type: 'RECONCILE'; readonly frameworkId?: FrameworkID; readonly reconcile: SchedulerCallReconcile }
  | { readonly type: 'MESSAGE'; readonly frameworkId?: FrameworkID; readonly message: SchedulerCallMessage }
  | { readonly type: 'REQUEST'; readonly frameworkId?: FrameworkID; readonly request: SchedulerCallRequest }
  | { readonly type: 'SUPPRESS'; readonly frameworkId?: FrameworkID; readonly suppress?: SchedulerCallSuppress }
  | { readonly type: 'ACCEPT_INVERSE_OFFERS'; readonly frameworkId?: FrameworkID; readonly acceptInverseOffers: SchedulerCallAcceptInverseOffers }
  | { readonly type: 'DECLINE_INVERSE_OFFERS'; readonly frameworkId?: FrameworkID; readonly declineInverseOffers: SchedulerCallDeclineInverseOffers }
  | { readonly type: 'ACKNOWLEDGE_OPERATION_STATUS'; readonly frameworkId?: FrameworkID; readonly acknowledgeOperationStatus: SchedulerCallAcknowledgeOperationStatus }
  | { readonly type: 'RECONCILE_OPERATIONS'; readonly frameworkId?: FrameworkID; readonly reconcileOperations: SchedulerCallReconcileOperations }
  | { readonly type: 'UPDATE_FRAMEWORK'; readonly frameworkId?: FrameworkID; readonly updateFramework: SchedulerCallUpdateFramework }

export type SchedulerCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'TEARDOWN'
  | 'ACCEPT'
  | 'DECLINE'
  | 'REVIVE'
  | 'KILL'
  | 'SHUTDOWN'
  | 'ACKNOWLEDGE'
  | 'RECONCILE'
  | 'MESSAGE'
  | 'REQUEST'
  | 'SUPPRESS'
  | 'ACCEPT_INVERSE_OFFERS'
  | 'DECLINE_INVERSE_OFFERS'
  | 'ACKNOWLEDGE_OPERATION_STATUS'
  | 'RECONCILE_OPERATIONS'
  | 'UPDATE_FRAMEWORK'

export interface SchedulerCallSubscribe {
  readonly frameworkInfo: FrameworkInfo
  readonly suppressedRoles?: readonly string[]
  readonly offerConstraints?: SchedulerOfferConstraints
}

export interface SchedulerCallAccept {
  readonly offerIds?: readonly OfferID[]
  readonly operations?: readonly OfferOperation[]
  readonly filters?: Filters
}

export interface SchedulerCallDecline {
  readonly offerIds?: readonly OfferID[]
  readonly filters?: Filters
}

export interface SchedulerCallKill {
  readonly taskId: TaskID
  readonly agentId?: AgentID
  readonly killPolicy?: KillPolicy
}

export interface SchedulerCallShutdown {
  readonly executorId: ExecutorID
  readonly agentId: AgentID
}

export interface SchedulerCallAcknowledge {
  readonly agentId: AgentID
  readonly taskId: TaskID
  readonly uuid: Base64
}

export interface SchedulerCallReconcile {
  readonly tasks?: readonly SchedulerCallReconcileTask[]
}

export interface SchedulerCallReconcileTask {
  readonly taskId: TaskID
  readonly agentId?: AgentID
}

export interface SchedulerCallMessage {
  readonly agentId: AgentID
  readonly executorId: ExecutorID
  readonly data: Base64
}

export interface SchedulerCallRequest {
  readonly requests?: readonly Request[]
}

export interface SchedulerCallAcceptInverseOffers {
  readonly inverseOfferIds?: readonly OfferID[]
  readonly filters?: Filters
}

export interface SchedulerCallDeclineInverseOffers {
  readonly inverseOfferIds?: readonly OfferID[]
  readonly filters?: Filters
}

export interface SchedulerCallRevive {
  readonly roles?: readonly string[]
}

export interface SchedulerCallSuppress {
  readonly roles?: readonly string[]
}

export interface SchedulerCallAcknowledgeOperationStatus {
  readonly agentId?: AgentID
  readonly resourceProviderId?: ResourceProviderID
  readonly uuid: Base64
  readonly operationId: OperationID
}

export interface SchedulerCallReconcileOperations {
  readonly operations?: readonly SchedulerCallReconcileOperationsOperation[]
}

export interface SchedulerCallReconcileOperationsOperation {
  readonly operationId: OperationID
  readonly agentId?: AgentID
  readonly resourceProviderId?: ResourceProviderID
}

export interface SchedulerCallUpdateFramework {
  readonly frameworkInfo: FrameworkInfo
  readonly suppressedRoles?: readonly string[]
  readonly offerConstraints?: SchedulerOfferConstraints
}

/** `type` names the field that is set; SHUTDOWN and HEARTBEAT have none. */
export type ExecutorEvent =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'SUBSCRIBED'; readonly subscribed: ExecutorEventSubscribed }
  | { readonly type: 'LAUNCH'; readonly launch: ExecutorEventLaunch }
  | { readonly type: 'KILL'; readonly kill: ExecutorEventKill }
  | { readonly type: 'ACKNOWLEDGED'; readonly acknowledged: ExecutorEventAcknowledged }
  | { readonly type: 'MESSAGE'; readonly message: ExecutorEventMessage }
  | { readonly type: 'ERROR'; readonly error: ExecutorEventError }
  | { readonly type: 'SHUTDOWN' }
  | { readonly type: 'LAUNCH_GROUP'; readonly launchGroup: ExecutorEventLaunchGroup }
  | { readonly type: 'HEARTBEAT' }

export type ExecutorEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'LAUNCH'
  | 'KILL'
  | 'ACKNOWLEDGED'
  | 'MESSAGE'
  | 'ERROR'
  | 'SHUTDOWN'
  | 'LAUNCH_GROUP'
  | 'HEARTBEAT'

export interface ExecutorEventSubscribed {
  readonly executorInfo: ExecutorInfo
  readonly frameworkInfo: FrameworkInfo
  readonly agentInfo: AgentInfo
  readonly containerId?: ContainerID
}

export interface ExecutorEventAcknowledged {
  readonly taskId: TaskID
  readonly uuid: Base64
}

export interface ExecutorEventLaunch {
  readonly task: TaskInfo
}

export interface ExecutorEventKill {
  readonly taskId: TaskID
  readonly killPolicy?: KillPolicy
}

export interface ExecutorEventMessage {
  readonly data: Base64
}

export interface ExecutorEventError {
  readonly message: string
}

export interface ExecutorEventLaunchGroup {
  readonly taskGroup: TaskGroupInfo
}

/** `type` names the field that is set; HEARTBEAT has none. */
export type ExecutorCall =
  | { readonly type: 'UNKNOWN'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID }
  | { readonly type: 'SUBSCRIBE'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID; readonly subscribe: ExecutorCallSubscribe }
  | { readonly type: 'UPDATE'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID; readonly update: ExecutorCallUpdate }
  | { readonly type: 'MESSAGE'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID; readonly message: ExecutorCallMessage }
  | { readonly type: 'HEARTBEAT'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID }

export type ExecutorCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'UPDATE'
  | 'MESSAGE'
  | 'HEARTBEAT'

export interface ExecutorCallSubscribe {
  readonly unacknowledgedTasks?: readonly TaskInfo[]
  readonly unacknowledgedUpdates?: readonly ExecutorCallUpdate[]
}

export interface ExecutorCallUpdate {
  readonly status: TaskStatus
}

export interface ExecutorCallMessage {
  readonly data: Base64
}

/** Operator to master. `type` names the field that is set; many calls have none. */
export type MasterCall =
  | { readonly type: 'UNKNOWN' }
  | { readonly type: 'GET_HEALTH' }
  | { readonly type: 'GET_FLAGS' }
  | { readonly type: 'GET_VERSION' }
  | { readonly type: 'GET_METRICS'; readonly getMetrics: MasterCallGetMetrics }
  | { readonly type: 'GET_LOGGING_LEVEL' }
  | { readonly type: 'SET_LOGGING_LEVEL'; readonly setLoggingLevel: MasterCallSetLoggingLevel }
  | { readonly type: 'LIST_FILES'; readonly listFiles: MasterCallListFiles }
  | { readonly type: 'READ_FILE'; readonly readFile: MasterCallReadFile }
  | { readonly type: 'GET_STATE' }
  | { readonly type: 'GET_AGENTS' }
  | { readonly type: 'GET_FRAMEWORKS' }
  | { readonly type: 'GET_EXECUTORS' }
  | { readonly type: 'GET_OPERATIONS' }
  | { readonly type: 'GET_TASKS' }
  | { readonly type: 'GET_ROLES' }
  | { readonly type: 'GET_WEIGHTS' }
  | { readonly type: 'UPDATE_WEIGHTS'; readonly updateWeights: MasterCallUpdateWeights }
  | { readonly type: 'GET_MASTER' }
  | { readonly type: 'SUBSCRIBE' }
  | { readonly type: 'RESERVE_RESOURCES'; readonly reserveResources: MasterCallReserveResources }
  | { readonly type: 'UNRESERVE_RESOURCES'; readonly unreserveResources: MasterCallUnreserveResources }
  | { readonly type: 'CREATE_VOLUMES'; readonly createVolumes: MasterCallCreateVolumes }
  | { readonly type: 'DESTROY_VOLUMES'; readonly destroyVolumes: MasterCallDestroyVolumes }
  | { readonly type: 'GROW_VOLUME'; readonly growVolume: MasterCallGrowVolume }
  | { readonly type: 'SHRINK_VOLUME'; readonly shrinkVolume: MasterCallShrinkVolume }
  | { readonly type: 'GET_MAINTENANCE_STATUS' }
  | { readonly type: 'GET_MAINTENANCE_SCHEDULE' }
  | { readonly type: 'UPDATE_MAINTENANCE_SCHEDULE'; readonly updateMaintenanceSchedule: MasterCallUpdateMaintenanceSchedule }
  | { readonly type: 'START_MAINTENANCE'; readonly startMaintenance: MasterCallStartMaintenance }
  | { readonly type: 'STOP_MAINTENANCE'; readonly stopMaintenance: MasterCallStopMaintenance }
  | { readonly type: 'DRAIN_AGENT'; readonly drainAgent: MasterCallDrainAgent }
  | { readonly type: 'DEACTIVATE_AGENT'; readonly deactivateAgent: MasterCallDeactivateAgent }
  | { readonly type: 'REACTIVATE_AGENT'; readonly reactivateAgent: MasterCallReactivateAgent }
  | { readonly type: 'GET_QUOTA' }
  | { readonly type: 'UPDATE_QUOTA'; readonly updateQuota: MasterCallUpdateQuota }
  | { readonly type: 'SET_QUOTA'; readonly setQuota: MasterCallSetQuota }
  | { readonly type: 'REMOVE_QUOTA'; readonly removeQuota: MasterCallRemoveQuota }
  | { readonly type: 'TEARDOWN'; readonly teardown: MasterCallTeardown }
  | { readonly type: 'MARK_AGENT_GONE'; readonly markAgentGone: MasterCallMarkAgentGone }

export type MasterCallType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'SET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_AGENTS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_ROLES'
  | 'GET_WEIGHTS'
  | 'UPDATE_WEIGHTS'
  | 'GET_MASTER'
  | 'SUBSCRIBE'
  | 'RESERVE_RESOURCES'
  | 'UNRESERVE_RESOURCES'
  | 'CREATE_VOLUMES'
  | 'DESTROY_VOLUMES'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'GET_MAINTENANCE_STATUS'
  | 'GET_MAINTENANCE_SCHEDULE'
  | 'UPDATE_MAINTENANCE_SCHEDULE'
  | 'START_MAINTENANCE'
  | 'STOP_MAINTENANCE'
  | 'DRAIN_AGENT'
  | 'DEACTIVATE_AGENT'
  | 'REACTIVATE_AGENT'
  | 'GET_QUOTA'
  | 'UPDATE_QUOTA'
  | 'SET_QUOTA'
  | 'REMOVE_QUOTA'
  | 'TEARDOWN'
  | 'MARK_AGENT_GONE'

export interface MasterCallGetMetrics {
  readonly timeout?: DurationInfo
}

export interface MasterCallSetLoggingLevel {
  readonly level: number
  readonly duration: DurationInfo
}

export interface MasterCallListFiles {
  readonly path: string
}

export interface MasterCallReadFile {
  readonly path: string
  readonly offset: Int64
  readonly length?: Int64
}

export interface MasterCallUpdateWeights {
  readonly weightInfos?: readonly WeightInfo[]
}

export interface MasterCallReserveResources {
  readonly agentId: AgentID
  readonly source?: readonly Resource[]
  readonly resources?: readonly Resource[]
}

export interface MasterCallUnreserveResources {
  readonly agentId: AgentID
  readonly resources?: readonly Resource[]
}

export interface MasterCallCreateVolumes {
  readonly agentId: AgentID
  readonly volumes?: readonly Resource[]
}

export interface MasterCallDestroyVolumes {
  readonly agentId: AgentID
  readonly volumes?: readonly Resource[]
}

export interface MasterCallGrowVolume {
  readonly agentId?: AgentID
  readonly volume: Resource
  readonly addition: Resource
}

export interface MasterCallShrinkVolume {
  readonly agentId?: AgentID
  readonly volume: Resource
  readonly subtract: ValueScalar
}

export interface MasterCallUpdateMaintenanceSchedule {
  readonly schedule: MaintenanceSchedule
}

export interface MasterCallStartMaintenance {
  readonly machines?: readonly MachineID[]
}

export interface MasterCallStopMaintenance {
  readonly machines?: readonly MachineID[]
}

export interface MasterCallDrainAgent {
  readonly agentId: AgentID
  readonly maxGracePeriod?: GoogleProtobufDuration
  /** Mesos takes false when unset. */
  readonly markGone?: boolean
}

export interface MasterCallDeactivateAgent {
  readonly agentId: AgentID
}

export interface MasterCallReactivateAgent {
  readonly agentId: AgentID
}

export interface MasterCallUpdateQuota {
  readonly force?: boolean
  readonly quotaConfigs?: readonly QuotaQuotaConfig[]
}

export interface MasterCallSetQuota {
  readonly quotaRequest: QuotaQuotaRequest
}

export interface MasterCallRemoveQuota {
  readonly role: string
}

export interface MasterCallTeardown {
  readonly frameworkId: FrameworkID
}

export interface MasterCallMarkAgentGone {
  readonly agentId: AgentID
}

/** The answer to a call that requests data. */
export type MasterResponse =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'GET_HEALTH'; readonly getHealth: MasterResponseGetHealth }
  | { readonly type: 'GET_FLAGS'; readonly getFlags: MasterResponseGetFlags }
  | { readonly type: 'GET_VERSION'; readonly getVersion: MasterResponseGetVersion }
  | { readonly type: 'GET_METRICS'; readonly getMetrics: MasterResponseGetMetrics }
  | { readonly type: 'GET_LOGGING_LEVEL'; readonly getLoggingLevel: MasterResponseGetLoggingLevel }
  | { readonly type: 'LIST_FILES'; readonly listFiles: MasterResponseListFiles }
  | { readonly type: 'READ_FILE'; readonly readFile: MasterResponseReadFile }
  | { readonly type: 'GET_STATE'; readonly getState: MasterResponseGetState }
  | { readonly type: 'GET_AGENTS'; readonly getAgents: MasterResponseGetAgents }
  | { readonly type: 'GET_FRAMEWORKS'; readonly getFrameworks: MasterResponseGetFrameworks }
  | { readonly type: 'GET_EXECUTORS'; readonly getExecutors: MasterResponseGetExecutors }
  | { readonly type: 'GET_OPERATIONS'; readonly getOperations: MasterResponseGetOperations }
  | { readonly type: 'GET_TASKS'; readonly getTasks: MasterResponseGetTasks }
  | { readonly type: 'GET_ROLES'; readonly getRoles: MasterResponseGetRoles }
  | { readonly type: 'GET_WEIGHTS'; readonly getWeights: MasterResponseGetWeights }
  | { readonly type: 'GET_MASTER'; readonly getMaster: MasterResponseGetMaster }
  | { readonly type: 'GET_MAINTENANCE_STATUS'; readonly getMaintenanceStatus: MasterResponseGetMaintenanceStatus }
  | { readonly type: 'GET_MAINTENANCE_SCHEDULE'; readonly getMaintenanceSchedule: MasterResponseGetMaintenanceSchedule }
  | { readonly type: 'GET_QUOTA'; readonly getQuota: MasterResponseGetQuota }

export type MasterResponseType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_AGENTS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_ROLES'
  | 'GET_WEIGHTS'
  | 'GET_MASTER'
  | 'GET_MAINTENANCE_STATUS'
  | 'GET_MAINTENANCE_SCHEDULE'
  | 'GET_QUOTA'

export interface MasterResponseGetHealth {
  readonly healthy: boolean
}

export interface MasterResponseGetFlags {
  readonly flags?: readonly Flag[]
}

export interface MasterResponseGetVersion {
  readonly versionInfo: VersionInfo
}

export interface MasterResponseGetMetrics {
  readonly metrics?: readonly Metric[]
}

export interface MasterResponseGetLoggingLevel {
  readonly level: number
}

export interface MasterResponseListFiles {
  readonly fileInfos?: readonly FileInfo[]
}

export interface MasterResponseReadFile {
  readonly size: Int64
  readonly data: Base64
}

export interface MasterResponseGetState {
  readonly getTasks?: MasterResponseGetTasks
  readonly getExecutors?: MasterResponseGetExecutors
  readonly getFrameworks?: MasterResponseGetFrameworks
  readonly getAgents?: MasterResponseGetAgents
}

export interface MasterResponseGetAgents {
  readonly agents?: readonly MasterResponseGetAgentsAgent[]
  readonly recoveredAgents?: readonly AgentInfo[]
}

export interface MasterResponseGetAgentsAgent {
  readonly agentInfo: AgentInfo
  readonly active: boolean
  readonly deactivated?: boolean
  readonly version: string
  readonly pid?: string
  readonly registeredTime?: TimeInfo
  readonly reregisteredTime?: TimeInfo
  readonly totalResources?: readonly Resource[]
  readonly allocatedResources?: readonly Resource[]
  readonly offeredResources?: readonly Resource[]
  readonly capabilities?: readonly AgentInfoCapability[]
  readonly resourceProviders?: readonly MasterResponseGetAgentsAgentResourceProvider[]
  readonly drainInfo?: DrainInfo
  readonly estimatedDrainStartTime?: TimeInfo
}

export interface MasterResponseGetAgentsAgentResourceProvider {
  readonly resourceProviderInfo: ResourceProviderInfo
  readonly totalResources?: readonly Resource[]
}

export interface MasterResponseGetFrameworks {
  readonly frameworks?: readonly MasterResponseGetFrameworksFramework[]
  readonly completedFrameworks?: readonly MasterResponseGetFrameworksFramework[]
  /** @deprecated by Mesos */
  readonly recoveredFrameworks?: readonly FrameworkInfo[]
}

export interface MasterResponseGetFrameworksFramework {
  readonly frameworkInfo: FrameworkInfo
  readonly active: boolean
  readonly connected: boolean
  readonly recovered: boolean
  readonly registeredTime?: TimeInfo
  readonly reregisteredTime?: TimeInfo
  readonly unregisteredTime?: TimeInfo
  readonly offers?: readonly Offer[]
  readonly inverseOffers?: readonly InverseOffer[]
  readonly allocatedResources?: readonly Resource[]
  readonly offeredResources?: readonly Resource[]
  readonly offerConstraints?: SchedulerOfferConstraints
}

export interface MasterResponseGetExecutors {
  readonly executors?: readonly MasterResponseGetExecutorsExecutor[]
  /** @deprecated by Mesos */
  readonly orphanExecutors?: readonly MasterResponseGetExecutorsExecutor[]
}

export interface MasterResponseGetExecutorsExecutor {
  readonly executorInfo: ExecutorInfo
  readonly agentId: AgentID
}

export interface MasterResponseGetOperations {
  readonly operations?: readonly Operation[]
}

export interface MasterResponseGetTasks {
  /** @deprecated by Mesos */
  readonly pendingTasks?: readonly Task[]
  readonly tasks?: readonly Task[]
  readonly unreachableTasks?: readonly Task[]
  readonly completedTasks?: readonly Task[]
  /** @deprecated by Mesos */
  readonly orphanTasks?: readonly Task[]
}

export interface MasterResponseGetRoles {
  readonly roles?: readonly Role[]
}

export interface MasterResponseGetWeights {
  readonly weightInfos?: readonly WeightInfo[]
}

export interface MasterResponseGetMaster {
  readonly masterInfo?: MasterInfo
  readonly startTime?: number
  readonly electedTime?: number
}

export interface MasterResponseGetMaintenanceStatus {
  readonly status: MaintenanceClusterStatus
}

export interface MasterResponseGetMaintenanceSchedule {
  readonly schedule: MaintenanceSchedule
}

export interface MasterResponseGetQuota {
  readonly status: QuotaQuotaStatus
}

/** The events of SUBSCRIBE. */
export type MasterEvent =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'SUBSCRIBED'; readonly subscribed: MasterEventSubscribed }
  | { readonly type: 'TASK_ADDED'; readonly taskAdded: MasterEventTaskAdded }
  | { readonly type: 'TASK_UPDATED'; readonly taskUpdated: MasterEventTaskUpdated }
  | { readonly type: 'AGENT_ADDED'; readonly agentAdded: MasterEventAgentAdded }
  | { readonly type: 'AGENT_REMOVED'; readonly agentRemoved: MasterEventAgentRemoved }
  | { readonly type: 'FRAMEWORK_ADDED'; readonly frameworkAdded: MasterEventFrameworkAdded }
  | { readonly type: 'FRAMEWORK_UPDATED'; readonly frameworkUpdated: MasterEventFrameworkUpdated }
  | { readonly type: 'FRAMEWORK_REMOVED'; readonly frameworkRemoved: MasterEventFrameworkRemoved }
  | { readonly type: 'HEARTBEAT' }

export type MasterEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'TASK_ADDED'
  | 'TASK_UPDATED'
  | 'AGENT_ADDED'
  | 'AGENT_REMOVED'
  | 'FRAMEWORK_ADDED'
  | 'FRAMEWORK_UPDATED'
  | 'FRAMEWORK_REMOVED'
  | 'HEARTBEAT'

export interface MasterEventSubscribed {
  readonly getState?: MasterResponseGetState
  readonly heartbeatIntervalSeconds?: number
}

export interface MasterEventTaskAdded {
  readonly task: Task
}

export interface MasterEventTaskUpdated {
  readonly frameworkId: FrameworkID
  readonly status: TaskStatus
  readonly state: TaskState
}

export interface MasterEventFrameworkAdded {
  readonly framework: MasterResponseGetFrameworksFramework
}

export interface MasterEventFrameworkUpdated {
  readonly framework: MasterResponseGetFrameworksFramework
}

export interface MasterEventFrameworkRemoved {
  readonly frameworkInfo: FrameworkInfo
}

export interface MasterEventAgentAdded {
  readonly agent: MasterResponseGetAgentsAgent
}

export interface MasterEventAgentRemoved {
  readonly agentId: AgentID
}

/** A machine of a maintenance schedule: hostname, address, or both. */
export interface MachineID {
  readonly hostname?: string
  readonly ip?: string
}

/** A container that serves part of a storage plugin. */
export interface CSIPluginContainerInfo {
  readonly services?: readonly CSIPluginContainerInfoService[]
  readonly command?: CommandInfo
  readonly resources?: readonly Resource[]
  readonly container?: ContainerInfo
}

export type CSIPluginContainerInfoService =
  | 'UNKNOWN'
  | 'CONTROLLER_SERVICE'
  | 'NODE_SERVICE'

/** Where a storage plugin that is not managed by the agent listens. */
export interface CSIPluginEndpoint {
  readonly csiService: CSIPluginContainerInfoService
  readonly endpoint: string
}

/** A storage plugin; either `containers` or `endpoints`. */
export interface CSIPluginInfo {
  readonly type: string
  /** Mesos takes "default" when unset. */
  readonly name?: string
  readonly containers?: readonly CSIPluginContainerInfo[]
  readonly endpoints?: readonly CSIPluginEndpoint[]
  readonly targetPathRoot?: string
  readonly targetPathExists?: boolean
}

/** A source of resources beside the agent's own, such as a storage plugin. */
export interface ResourceProviderInfo {
  readonly id?: ResourceProviderID
  readonly attributes?: readonly Attribute[]
  readonly type: string
  readonly name: string
  readonly defaultReservations?: readonly ResourceReservationInfo[]
  readonly storage?: ResourceProviderInfoStorage
}

export interface ResourceProviderInfoStorage {
  readonly plugin: CSIPluginInfo
  readonly reconciliationIntervalSeconds?: number
}

/** Counters of one queueing discipline. */
export interface TrafficControlStatistics {
  readonly id: string
  readonly backlog?: Int64
  readonly bytes?: Int64
  readonly drops?: Int64
  readonly overlimits?: Int64
  readonly packets?: Int64
  readonly qlen?: Int64
  readonly ratebps?: Int64
  readonly ratepps?: Int64
  readonly requeues?: Int64
}

/** The `Ip` line of /proc/net/snmp; names as the kernel has them. */
export interface IpStatistics {
  readonly Forwarding?: Int64
  readonly DefaultTTL?: Int64
  readonly InReceives?: Int64
  readonly InHdrErrors?: Int64
  readonly InAddrErrors?: Int64
  readonly ForwDatagrams?: Int64
  readonly InUnknownProtos?: Int64
  readonly InDiscards?: Int64
  readonly InDelivers?: Int64
  readonly OutRequests?: Int64
  readonly OutDiscards?: Int64
  readonly OutNoRoutes?: Int64
  readonly ReasmTimeout?: Int64
  readonly ReasmReqds?: Int64
  readonly ReasmOKs?: Int64
  readonly ReasmFails?: Int64
  readonly FragOKs?: Int64
  readonly FragFails?: Int64
  readonly FragCreates?: Int64
}

/** The `Icmp` line of /proc/net/snmp. */
export interface IcmpStatistics {
  readonly InMsgs?: Int64
  readonly InErrors?: Int64
  readonly InCsumErrors?: Int64
  readonly InDestUnreachs?: Int64
  readonly InTimeExcds?: Int64
  readonly InParmProbs?: Int64
  readonly InSrcQuenchs?: Int64
  readonly InRedirects?: Int64
  readonly InEchos?: Int64
  readonly InEchoReps?: Int64
  readonly InTimestamps?: Int64
  readonly InTimestampReps?: Int64
  readonly InAddrMasks?: Int64
  readonly InAddrMaskReps?: Int64
  readonly OutMsgs?: Int64
  readonly OutErrors?: Int64
  readonly OutDestUnreachs?: Int64
  readonly OutTimeExcds?: Int64
  readonly OutParmProbs?: Int64
  readonly OutSrcQuenchs?: Int64
  readonly OutRedirects?: Int64
  readonly OutEchos?: Int64
  readonly OutEchoReps?: Int64
  readonly OutTimestamps?: Int64
  readonly OutTimestampReps?: Int64
  readonly OutAddrMasks?: Int64
  readonly OutAddrMaskReps?: Int64
}

/** The `Tcp` line of /proc/net/snmp. */
export interface TcpStatistics {
  readonly RtoAlgorithm?: Int64
  readonly RtoMin?: Int64
  readonly RtoMax?: Int64
  readonly MaxConn?: Int64
  readonly ActiveOpens?: Int64
  readonly PassiveOpens?: Int64
  readonly AttemptFails?: Int64
  readonly EstabResets?: Int64
  readonly CurrEstab?: Int64
  readonly InSegs?: Int64
  readonly OutSegs?: Int64
  readonly RetransSegs?: Int64
  readonly InErrs?: Int64
  readonly OutRsts?: Int64
  readonly InCsumErrors?: Int64
}

/** The `Udp` line of /proc/net/snmp. */
export interface UdpStatistics {
  readonly InDatagrams?: Int64
  readonly NoPorts?: Int64
  readonly InErrors?: Int64
  readonly OutDatagrams?: Int64
  readonly RcvbufErrors?: Int64
  readonly SndbufErrors?: Int64
  readonly InCsumErrors?: Int64
  readonly IgnoredMulti?: Int64
}

/** The lines of /proc/net/snmp. */
export interface SNMPStatistics {
  readonly ipStats?: IpStatistics
  readonly icmpStats?: IcmpStatistics
  readonly tcpStats?: TcpStatistics
  readonly udpStats?: UdpStatistics
}

/** Use of one disk or volume. */
export interface DiskStatistics {
  readonly source?: ResourceDiskInfoSource
  readonly persistence?: ResourceDiskInfoPersistence
  readonly limitBytes?: Int64
  readonly usedBytes?: Int64
}

/** Usage and limits of a container. Times in seconds, sizes in bytes. */
export interface ResourceStatistics {
  readonly timestamp: number
  readonly processes?: number
  readonly threads?: number
  readonly cpusUserTimeSecs?: number
  readonly cpusSystemTimeSecs?: number
  readonly cpusLimit?: number
  readonly cpusSoftLimit?: number
  readonly cpusNrPeriods?: number
  readonly cpusNrThrottled?: number
  readonly cpusThrottledTimeSecs?: number
  readonly memTotalBytes?: Int64
  readonly memTotalMemswBytes?: Int64
  readonly memKmemUsageBytes?: Int64
  readonly memKmemTcpUsageBytes?: Int64
  readonly memLimitBytes?: Int64
  readonly memSoftLimitBytes?: Int64
  readonly memFileBytes?: Int64
  readonly memAnonBytes?: Int64
  readonly memCacheBytes?: Int64
  readonly memRssBytes?: Int64
  readonly memMappedFileBytes?: Int64
  readonly memSwapBytes?: Int64
  readonly memUnevictableBytes?: Int64
  readonly memLowPressureCounter?: Int64
  readonly memMediumPressureCounter?: Int64
  readonly memCriticalPressureCounter?: Int64
  readonly diskLimitBytes?: Int64
  readonly diskUsedBytes?: Int64
  readonly diskStatistics?: readonly DiskStatistics[]
  readonly blkioStatistics?: CgroupInfoBlkioStatistics
  readonly perf?: PerfStatistics
  readonly netRxPackets?: Int64
  readonly netRxBytes?: Int64
  readonly netRxErrors?: Int64
  readonly netRxDropped?: Int64
  readonly netTxPackets?: Int64
  readonly netTxBytes?: Int64
  readonly netTxErrors?: Int64
  readonly netTxDropped?: Int64
  readonly netTxRateLimit?: Int64
  readonly netTxBurstRateLimit?: Int64
  readonly netTxBurstSize?: Int64
  readonly netRxRateLimit?: Int64
  readonly netRxBurstRateLimit?: Int64
  readonly netRxBurstSize?: Int64
  readonly netRateStatistics?: ResourceStatisticsRateStatistics
  readonly netEphemeralPorts?: ValueRange
  readonly netTcpRttMicrosecsP50?: number
  readonly netTcpRttMicrosecsP90?: number
  readonly netTcpRttMicrosecsP95?: number
  readonly netTcpRttMicrosecsP99?: number
  readonly netTcpActiveConnections?: number
  readonly netTcpTimeWaitConnections?: number
  readonly netTrafficControlStatistics?: readonly TrafficControlStatistics[]
  readonly netSnmpStatistics?: SNMPStatistics
}

export interface ResourceStatisticsRatePercentiles {
  readonly min?: Int64
  readonly max?: Int64
  readonly p50?: Int64
  readonly p90?: Int64
  readonly p95?: Int64
  readonly p99?: Int64
  readonly p999?: Int64
  readonly p9999?: Int64
  readonly samples?: Int64
}

export interface ResourceStatisticsRateStatistics {
  readonly rxRate?: ResourceStatisticsRatePercentiles
  readonly rxPacketRate?: ResourceStatisticsRatePercentiles
  readonly rxDropRate?: ResourceStatisticsRatePercentiles
  readonly rxErrorRate?: ResourceStatisticsRatePercentiles
  readonly txRate?: ResourceStatisticsRatePercentiles
  readonly txPacketRate?: ResourceStatisticsRatePercentiles
  readonly txDropRate?: ResourceStatisticsRatePercentiles
  readonly txErrorRate?: ResourceStatisticsRatePercentiles
  readonly samplingWindowSecs?: number
  readonly samplingIntervalSecs?: number
}

/** Counters of perf(1) over `duration` seconds. */
export interface PerfStatistics {
  readonly timestamp: number
  readonly duration: number
  readonly cycles?: Int64
  readonly stalledCyclesFrontend?: Int64
  readonly stalledCyclesBackend?: Int64
  readonly instructions?: Int64
  readonly cacheReferences?: Int64
  readonly cacheMisses?: Int64
  readonly branches?: Int64
  readonly branchMisses?: Int64
  readonly busCycles?: Int64
  readonly refCycles?: Int64
  readonly cpuClock?: number
  readonly taskClock?: number
  readonly pageFaults?: Int64
  readonly minorFaults?: Int64
  readonly majorFaults?: Int64
  readonly contextSwitches?: Int64
  readonly cpuMigrations?: Int64
  readonly alignmentFaults?: Int64
  readonly emulationFaults?: Int64
  readonly l1DcacheLoads?: Int64
  readonly l1DcacheLoadMisses?: Int64
  readonly l1DcacheStores?: Int64
  readonly l1DcacheStoreMisses?: Int64
  readonly l1DcachePrefetches?: Int64
  readonly l1DcachePrefetchMisses?: Int64
  readonly l1IcacheLoads?: Int64
  readonly l1IcacheLoadMisses?: Int64
  readonly l1IcachePrefetches?: Int64
  readonly l1IcachePrefetchMisses?: Int64
  readonly llcLoads?: Int64
  readonly llcLoadMisses?: Int64
  readonly llcStores?: Int64
  readonly llcStoreMisses?: Int64
  readonly llcPrefetches?: Int64
  readonly llcPrefetchMisses?: Int64
  readonly dtlbLoads?: Int64
  readonly dtlbLoadMisses?: Int64
  readonly dtlbStores?: Int64
  readonly dtlbStoreMisses?: Int64
  readonly dtlbPrefetches?: Int64
  readonly dtlbPrefetchMisses?: Int64
  readonly itlbLoads?: Int64
  readonly itlbLoadMisses?: Int64
  readonly branchLoads?: Int64
  readonly branchLoadMisses?: Int64
  readonly nodeLoads?: Int64
  readonly nodeLoadMisses?: Int64
  readonly nodeStores?: Int64
  readonly nodeStoreMisses?: Int64
  readonly nodePrefetches?: Int64
  readonly nodePrefetchMisses?: Int64
}

/** A task as operators see it: without its command and data. */
export interface Task {
  readonly name: string
  readonly taskId: TaskID
  readonly frameworkId: FrameworkID
  readonly executorId?: ExecutorID
  readonly agentId: AgentID
  readonly state: TaskState
  readonly resources?: readonly Resource[]
  readonly statuses?: readonly TaskStatus[]
  readonly statusUpdateState?: TaskState
  readonly statusUpdateUuid?: Base64
  readonly labels?: Labels
  readonly discovery?: DiscoveryInfo
  readonly container?: ContainerInfo
  readonly healthCheck?: HealthCheck
  readonly killPolicy?: KillPolicy
  readonly user?: string
  readonly limits?: Readonly<Record<string, ValueScalar>>
}

/** An offer operation other than a launch, with its status. */
export interface Operation {
  readonly frameworkId?: FrameworkID
  readonly agentId?: AgentID
  readonly info: OfferOperation
  readonly latestStatus: OperationStatus
  readonly statuses?: readonly OperationStatus[]
  readonly uuid: UUID
}

/** The weight of a role; 1 if it was never set. */
export interface WeightInfo {
  readonly weight: number
  readonly role?: string
}

/** The build of the server. */
export interface VersionInfo {
  readonly version: string
  readonly buildDate?: string
  readonly buildTime?: number
  readonly buildUser?: string
  readonly gitSha?: string
  readonly gitBranch?: string
  readonly gitTag?: string
}

/** One command line flag, as text. */
export interface Flag {
  readonly name: string
  readonly value?: string
}

/** A role with its frameworks and their resources. */
export interface Role {
  readonly name: string
  readonly weight: number
  readonly frameworks?: readonly FrameworkID[]
  readonly resources?: readonly Resource[]
}

/** One value of /metrics/snapshot. */
export interface Metric {
  readonly name: string
  readonly value?: number
}

/** One entry of a folder in a sandbox. */
export interface FileInfo {
  readonly path: string
  readonly nlink?: number
  readonly size?: Int64
  readonly mtime?: TimeInfo
  readonly mode?: number
  readonly uid?: string
  readonly gid?: string
}

/** The state of an agent's draining. */
export type DrainState =
  | 'UNKNOWN'
  | 'DRAINING'
  | 'DRAINED'

/** Options of draining an agent. */
export interface DrainConfig {
  readonly maxGracePeriod?: DurationInfo
  /** Mesos takes false when unset. */
  readonly markGone?: boolean
}

/** The draining of an agent. */
export interface DrainInfo {
  readonly state: DrainState
  readonly config: DrainConfig
}

/** Machines that are unavailable for a time. */
export interface MaintenanceWindow {
  readonly machineIds?: readonly MachineID[]
  readonly unavailability: Unavailability
}

/** All maintenance that is planned. */
export interface MaintenanceSchedule {
  readonly windows?: readonly MaintenanceWindow[]
}

/** Machines that are being drained or are down. */
export interface MaintenanceClusterStatus {
  readonly drainingMachines?: readonly MaintenanceClusterStatusDrainingMachine[]
  readonly downMachines?: readonly MachineID[]
}

export interface MaintenanceClusterStatusDrainingMachine {
  readonly id: MachineID
  readonly statuses?: readonly AllocatorInverseOfferStatus[]
}

/** A framework's answer to an inverse offer. */
export interface AllocatorInverseOfferStatus {
  readonly status: AllocatorInverseOfferStatusStatus
  readonly frameworkId: FrameworkID
  readonly timestamp: TimeInfo
}

export type AllocatorInverseOfferStatusStatus =
  | 'UNKNOWN'
  | 'ACCEPT'
  | 'DECLINE'

/** The first form of a quota: guarantees only. */
export interface QuotaQuotaInfo {
  readonly role?: string
  readonly principal?: string
  readonly guarantee?: readonly Resource[]
}

/** The request of SET_QUOTA. */
export interface QuotaQuotaRequest {
  readonly force?: boolean
  readonly role?: string
  readonly guarantee?: readonly Resource[]
}

/** Guarantees and limits of one role. */
export interface QuotaQuotaConfig {
  readonly role: string
  readonly guarantees?: Readonly<Record<string, ValueScalar>>
  readonly limits?: Readonly<Record<string, ValueScalar>>
}

/** All quotas. */
export interface QuotaQuotaStatus {
  /** @deprecated by Mesos */
  readonly infos?: readonly QuotaQuotaInfo[]
  readonly configs?: readonly QuotaQuotaConfig[]
}

/** Operator to agent. `type` names the field that is set; many calls have none. */
export type AgentCall =
  | { readonly type: 'UNKNOWN' }
  | { readonly type: 'GET_HEALTH' }
  | { readonly type: 'GET_FLAGS' }
  | { readonly type: 'GET_VERSION' }
  | { readonly type: 'GET_METRICS'; readonly getMetrics: AgentCallGetMetrics }
  | { readonly type: 'GET_LOGGING_LEVEL' }
  | { readonly type: 'SET_LOGGING_LEVEL'; readonly setLoggingLevel: AgentCallSetLoggingLevel }
  | { readonly type: 'LIST_FILES'; readonly listFiles: AgentCallListFiles }
  | { readonly type: 'READ_FILE'; readonly readFile: AgentCallReadFile }
  | { readonly type: 'GET_STATE' }
  | { readonly type: 'GET_CONTAINERS'; readonly getContainers: AgentCallGetContainers }
  | { readonly type: 'GET_FRAMEWORKS' }
  | { readonly type: 'GET_EXECUTORS' }
  | { readonly type: 'GET_OPERATIONS' }
  | { readonly type: 'GET_TASKS' }
  | { readonly type: 'GET_AGENT' }
  | { readonly type: 'GET_RESOURCE_PROVIDERS' }
  | { readonly type: 'LAUNCH_NESTED_CONTAINER'; readonly launchNestedContainer: AgentCallLaunchNestedContainer }
  | { readonly type: 'WAIT_NESTED_CONTAINER'; readonly waitNestedContainer: AgentCallWaitNestedContainer }
  | { readonly type: 'KILL_NESTED_CONTAINER'; readonly killNestedContainer: AgentCallKillNestedContainer }
  | { readonly type: 'REMOVE_NESTED_CONTAINER'; readonly removeNestedContainer: AgentCallRemoveNestedContainer }
  | { readonly type: 'LAUNCH_NESTED_CONTAINER_SESSION'; readonly launchNestedContainerSession: AgentCallLaunchNestedContainerSession }
  | { readonly type: 'ATTACH_CONTAINER_INPUT'; readonly attachContainerInput: AgentCallAttachContainerInput }
  | { readonly type: 'ATTACH_CONTAINER_OUTPUT'; readonly attachContainerOutput: AgentCallAttachContainerOutput }
  | { readonly type: 'LAUNCH_CONTAINER'; readonly launchContainer: AgentCallLaunchContainer }
  | { readonly type: 'WAIT_CONTAINER'; readonly waitContainer: AgentCallWaitContainer }
  | { readonly type: 'KILL_CONTAINER'; readonly killContainer: AgentCallKillContainer }
  | { readonly type: 'REMOVE_CONTAINER'; readonly removeContainer: AgentCallRemoveContainer }
  | { readonly type: 'ADD_RESOURCE_PROVIDER_CONFIG'; readonly addResourceProviderConfig: AgentCallAddResourceProviderConfig }
  | { readonly type: 'UPDATE_RESOURCE_PROVIDER_CONFIG'; readonly updateResourceProviderConfig: AgentCallUpdateResourceProviderConfig }
  | { readonly type: 'REMOVE_RESOURCE_PROVIDER_CONFIG'; readonly removeResourceProviderConfig: AgentCallRemoveResourceProviderConfig }
  | { readonly type: 'MARK_RESOURCE_PROVIDER_GONE'; readonly markResourceProviderGone: AgentCallMarkResourceProviderGone }
  | { readonly type: 'PRUNE_IMAGES'; readonly pruneImages: AgentCallPruneImages }

export type AgentCallType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'SET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_CONTAINERS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_AGENT'
  | 'GET_RESOURCE_PROVIDERS'
  | 'LAUNCH_NESTED_CONTAINER'
  | 'WAIT_NESTED_CONTAINER'
  | 'KILL_NESTED_CONTAINER'
  | 'REMOVE_NESTED_CONTAINER'
  | 'LAUNCH_NESTED_CONTAINER_SESSION'
  | 'ATTACH_CONTAINER_INPUT'
  | 'ATTACH_CONTAINER_OUTPUT'
  | 'LAUNCH_CONTAINER'
  | 'WAIT_CONTAINER'
  | 'KILL_CONTAINER'
  | 'REMOVE_CONTAINER'
  | 'ADD_RESOURCE_PROVIDER_CONFIG'
  | 'UPDATE_RESOURCE_PROVIDER_CONFIG'
  | 'REMOVE_RESOURCE_PROVIDER_CONFIG'
  | 'MARK_RESOURCE_PROVIDER_GONE'
  | 'PRUNE_IMAGES'

export interface AgentCallGetMetrics {
  readonly timeout?: DurationInfo
}

export interface AgentCallSetLoggingLevel {
  readonly level: number
  readonly duration: DurationInfo
}

export interface AgentCallListFiles {
  readonly path: string
}

export interface AgentCallReadFile {
  readonly path: string
  readonly offset: Int64
  readonly length?: Int64
}

export interface AgentCallGetContainers {
  readonly showNested?: boolean
  readonly showStandalone?: boolean
}

export interface AgentCallLaunchNestedContainer {
  readonly containerId: ContainerID
  readonly command?: CommandInfo
  readonly container?: ContainerInfo
}

export interface AgentCallWaitNestedContainer {
  readonly containerId: ContainerID
}

export interface AgentCallKillNestedContainer {
  readonly containerId: ContainerID
  readonly signal?: number
}

export interface AgentCallRemoveNestedContainer {
  readonly containerId: ContainerID
}

export interface AgentCallLaunchNestedContainerSession {
  readonly containerId: ContainerID
  readonly command?: CommandInfo
  readonly container?: ContainerInfo
}

export interface AgentCallAttachContainerInput {
  readonly type?: AgentCallAttachContainerInputType
  readonly containerId?: ContainerID
  readonly processIo?: AgentProcessIO
}

export type AgentCallAttachContainerInputType =
  | 'UNKNOWN'
  | 'CONTAINER_ID'
  | 'PROCESS_IO'

export interface AgentCallAttachContainerOutput {
  readonly containerId: ContainerID
}

export interface AgentCallLaunchContainer {
  readonly containerId: ContainerID
  readonly command?: CommandInfo
  readonly resources?: readonly Resource[]
  readonly container?: ContainerInfo
  readonly limits?: Readonly<Record<string, ValueScalar>>
}

export interface AgentCallWaitContainer {
  readonly containerId: ContainerID
}

export interface AgentCallKillContainer {
  readonly containerId: ContainerID
  readonly signal?: number
}

export interface AgentCallRemoveContainer {
  readonly containerId: ContainerID
}

export interface AgentCallAddResourceProviderConfig {
  readonly info: ResourceProviderInfo
}

export interface AgentCallUpdateResourceProviderConfig {
  readonly info: ResourceProviderInfo
}

export interface AgentCallRemoveResourceProviderConfig {
  readonly type: string
  readonly name: string
}

export interface AgentCallMarkResourceProviderGone {
  readonly resourceProviderId: ResourceProviderID
}

export interface AgentCallPruneImages {
  readonly excludedImages?: readonly Image[]
}

/** The answer to a call that requests data. */
export type AgentResponse =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'GET_HEALTH'; readonly getHealth: AgentResponseGetHealth }
  | { readonly type: 'GET_FLAGS'; readonly getFlags: AgentResponseGetFlags }
  | { readonly type: 'GET_VERSION'; readonly getVersion: AgentResponseGetVersion }
  | { readonly type: 'GET_METRICS'; readonly getMetrics: AgentResponseGetMetrics }
  | { readonly type: 'GET_LOGGING_LEVEL'; readonly getLoggingLevel: AgentResponseGetLoggingLevel }
  | { readonly type: 'LIST_FILES'; readonly listFiles: AgentResponseListFiles }
  | { readonly type: 'READ_FILE'; readonly readFile: AgentResponseReadFile }
  | { readonly type: 'GET_STATE'; readonly getState: AgentResponseGetState }
  | { readonly type: 'GET_CONTAINERS'; readonly getContainers: AgentResponseGetContainers }
  | { readonly type: 'GET_FRAMEWORKS'; readonly getFrameworks: AgentResponseGetFrameworks }
  | { readonly type: 'GET_EXECUTORS'; readonly getExecutors: AgentResponseGetExecutors }
  | { readonly type: 'GET_OPERATIONS'; readonly getOperations: AgentResponseGetOperations }
  | { readonly type: 'GET_TASKS'; readonly getTasks: AgentResponseGetTasks }
  | { readonly type: 'GET_AGENT'; readonly getAgent: AgentResponseGetAgent }
  | { readonly type: 'GET_RESOURCE_PROVIDERS'; readonly getResourceProviders: AgentResponseGetResourceProviders }
  | { readonly type: 'WAIT_NESTED_CONTAINER'; readonly waitNestedContainer: AgentResponseWaitNestedContainer }
  | { readonly type: 'WAIT_CONTAINER'; readonly waitContainer: AgentResponseWaitContainer }

export type AgentResponseType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_CONTAINERS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_AGENT'
  | 'GET_RESOURCE_PROVIDERS'
  | 'WAIT_NESTED_CONTAINER'
  | 'WAIT_CONTAINER'

export interface AgentResponseGetHealth {
  readonly healthy: boolean
}

export interface AgentResponseGetFlags {
  readonly flags?: readonly Flag[]
}

export interface AgentResponseGetVersion {
  readonly versionInfo: VersionInfo
}

export interface AgentResponseGetMetrics {
  readonly metrics?: readonly Metric[]
}

export interface AgentResponseGetLoggingLevel {
  readonly level: number
}

export interface AgentResponseListFiles {
  readonly fileInfos?: readonly FileInfo[]
}

export interface AgentResponseReadFile {
  readonly size: Int64
  readonly data: Base64
}

export interface AgentResponseGetState {
  readonly getTasks?: AgentResponseGetTasks
  readonly getExecutors?: AgentResponseGetExecutors
  readonly getFrameworks?: AgentResponseGetFrameworks
}

export interface AgentResponseGetContainers {
  readonly containers?: readonly AgentResponseGetContainersContainer[]
}

export interface AgentResponseGetContainersContainer {
  readonly frameworkId?: FrameworkID
  readonly executorId?: ExecutorID
  readonly executorName?: string
  readonly containerId: ContainerID
  readonly containerStatus?: ContainerStatus
  readonly resourceStatistics?: ResourceStatistics
}

export interface AgentResponseGetFrameworks {
  readonly frameworks?: readonly AgentResponseGetFrameworksFramework[]
  readonly completedFrameworks?: readonly AgentResponseGetFrameworksFramework[]
}

export interface AgentResponseGetFrameworksFramework {
  readonly frameworkInfo: FrameworkInfo
}

export interface AgentResponseGetExecutors {
  readonly executors?: readonly AgentResponseGetExecutorsExecutor[]
  readonly completedExecutors?: readonly AgentResponseGetExecutorsExecutor[]
}

export interface AgentResponseGetExecutorsExecutor {
  readonly executorInfo: ExecutorInfo
}

export interface AgentResponseGetOperations {
  readonly operations?: readonly Operation[]
}

export interface AgentResponseGetTasks {
  readonly pendingTasks?: readonly Task[]
  readonly queuedTasks?: readonly Task[]
  readonly launchedTasks?: readonly Task[]
  readonly terminatedTasks?: readonly Task[]
  readonly completedTasks?: readonly Task[]
}

export interface AgentResponseGetAgent {
  readonly agentInfo?: AgentInfo
  readonly drainConfig?: DrainConfig
  readonly estimatedDrainStartTime?: TimeInfo
}

export interface AgentResponseGetResourceProviders {
  readonly resourceProviders?: readonly AgentResponseGetResourceProvidersResourceProvider[]
}

export interface AgentResponseGetResourceProvidersResourceProvider {
  readonly resourceProviderInfo: ResourceProviderInfo
  readonly totalResources?: readonly Resource[]
}

export interface AgentResponseWaitNestedContainer {
  readonly exitStatus?: number
  readonly state?: TaskState
  readonly reason?: TaskStatusReason
  readonly limitation?: TaskResourceLimitation
  readonly message?: string
}

export interface AgentResponseWaitContainer {
  readonly exitStatus?: number
  readonly state?: TaskState
  readonly reason?: TaskStatusReason
  readonly limitation?: TaskResourceLimitation
  readonly message?: string
}

/** The stream of ATTACH_CONTAINER_*: bytes of a process, or control of its terminal. */
export interface AgentProcessIO {
  readonly type?: AgentProcessIOType
  readonly data?: AgentProcessIOData
  readonly control?: AgentProcessIOControl
}

export type AgentProcessIOType =
  | 'UNKNOWN'
  | 'DATA'
  | 'CONTROL'

export interface AgentProcessIOData {
  readonly type?: AgentProcessIODataType
  readonly data?: Base64
}

export type AgentProcessIODataType =
  | 'UNKNOWN'
  | 'STDIN'
  | 'STDOUT'
  | 'STDERR'

export interface AgentProcessIOControl {
  readonly type?: AgentProcessIOControlType
  readonly ttyInfo?: TTYInfo
  readonly heartbeat?: AgentProcessIOControlHeartbeat
}

export type AgentProcessIOControlType =
  | 'UNKNOWN'
  | 'TTY_INFO'
  | 'HEARTBEAT'

export interface AgentProcessIOControlHeartbeat {
  readonly interval?: DurationInfo
}

export interface GoogleProtobufDuration {
  readonly seconds?: Int64
  readonly nanos?: number
}

/** Every message by its full name. */
export interface MesosMessages {
  'mesos.v1.FrameworkID': FrameworkID
  'mesos.v1.AgentID': AgentID
  'mesos.v1.OfferID': OfferID
  'mesos.v1.TaskID': TaskID
  'mesos.v1.ExecutorID': ExecutorID
  'mesos.v1.ContainerID': ContainerID
  'mesos.v1.ResourceProviderID': ResourceProviderID
  'mesos.v1.OperationID': OperationID
  'mesos.v1.UUID': UUID
  'mesos.v1.TimeInfo': TimeInfo
  'mesos.v1.DurationInfo': DurationInfo
  'mesos.v1.Unavailability': Unavailability
  'mesos.v1.Address': Address
  'mesos.v1.URL': URL
  'mesos.v1.DomainInfo': DomainInfo
  'mesos.v1.DomainInfo.FaultDomain': DomainInfoFaultDomain
  'mesos.v1.DomainInfo.FaultDomain.RegionInfo': DomainInfoFaultDomainRegionInfo
  'mesos.v1.DomainInfo.FaultDomain.ZoneInfo': DomainInfoFaultDomainZoneInfo
  'mesos.v1.Label': Label
  'mesos.v1.Labels': Labels
  'mesos.v1.Parameter': Parameter
  'mesos.v1.Parameters': Parameters
  'mesos.v1.Environment': Environment
  'mesos.v1.Environment.Variable': EnvironmentVariable
  'mesos.v1.Secret': Secret
  'mesos.v1.Secret.Reference': SecretReference
  'mesos.v1.Secret.Value': SecretValue
  'mesos.v1.Credential': Credential
  'mesos.v1.Value': Value
  'mesos.v1.Value.Scalar': ValueScalar
  'mesos.v1.Value.Ranges': ValueRanges
  'mesos.v1.Value.Set': ValueSet
  'mesos.v1.Value.Text': ValueText
  'mesos.v1.Value.Range': ValueRange
  'mesos.v1.Attribute': Attribute
  'mesos.v1.Resource': Resource
  'mesos.v1.Resource.DiskInfo': ResourceDiskInfo
  'mesos.v1.Resource.DiskInfo.Persistence': ResourceDiskInfoPersistence
  'mesos.v1.Resource.DiskInfo.Source': ResourceDiskInfoSource
  'mesos.v1.Resource.DiskInfo.Source.Path': ResourceDiskInfoSourcePath
  'mesos.v1.Resource.DiskInfo.Source.Mount': ResourceDiskInfoSourceMount
  'mesos.v1.Resource.ReservationInfo': ResourceReservationInfo
  'mesos.v1.Resource.RevocableInfo': ResourceRevocableInfo
  'mesos.v1.Resource.SharedInfo': ResourceSharedInfo
  'mesos.v1.Resource.AllocationInfo': ResourceAllocationInfo
  'mesos.v1.CommandInfo': CommandInfo
  'mesos.v1.CommandInfo.URI': CommandInfoURI
  'mesos.v1.KillPolicy': KillPolicy
  'mesos.v1.RLimitInfo': RLimitInfo
  'mesos.v1.RLimitInfo.RLimit': RLimitInfoRLimit
  'mesos.v1.CapabilityInfo': CapabilityInfo
  'mesos.v1.SeccompInfo': SeccompInfo
  'mesos.v1.LinuxInfo': LinuxInfo
  'mesos.v1.TTYInfo': TTYInfo
  'mesos.v1.TTYInfo.WindowSize': TTYInfoWindowSize
  'mesos.v1.Image': Image
  'mesos.v1.Image.Appc': ImageAppc
  'mesos.v1.Image.Docker': ImageDocker
  'mesos.v1.MountPropagation': MountPropagation
  'mesos.v1.Volume': Volume
  'mesos.v1.Volume.Source': VolumeSource
  'mesos.v1.Volume.Source.DockerVolume': VolumeSourceDockerVolume
  'mesos.v1.Volume.Source.SandboxPath': VolumeSourceSandboxPath
  'mesos.v1.Volume.Source.HostPath': VolumeSourceHostPath
  'mesos.v1.Volume.Source.CSIVolume': VolumeSourceCSIVolume
  'mesos.v1.Volume.Source.CSIVolume.StaticProvisioning': VolumeSourceCSIVolumeStaticProvisioning
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability': VolumeSourceCSIVolumeVolumeCapability
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability.BlockVolume': VolumeSourceCSIVolumeVolumeCapabilityBlockVolume
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability.MountVolume': VolumeSourceCSIVolumeVolumeCapabilityMountVolume
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability.AccessMode': VolumeSourceCSIVolumeVolumeCapabilityAccessMode
  'mesos.v1.NetworkInfo': NetworkInfo
  'mesos.v1.NetworkInfo.IPAddress': NetworkInfoIPAddress
  'mesos.v1.NetworkInfo.PortMapping': NetworkInfoPortMapping
  'mesos.v1.ContainerInfo': ContainerInfo
  'mesos.v1.ContainerInfo.DockerInfo': ContainerInfoDockerInfo
  'mesos.v1.ContainerInfo.DockerInfo.PortMapping': ContainerInfoDockerInfoPortMapping
  'mesos.v1.ContainerInfo.MesosInfo': ContainerInfoMesosInfo
  'mesos.v1.Device': Device
  'mesos.v1.Device.Number': DeviceNumber
  'mesos.v1.CgroupInfo': CgroupInfo
  'mesos.v1.CgroupInfo.Blkio': CgroupInfoBlkio
  'mesos.v1.CgroupInfo.Blkio.Value': CgroupInfoBlkioValue
  'mesos.v1.CgroupInfo.Blkio.CFQ': CgroupInfoBlkioCFQ
  'mesos.v1.CgroupInfo.Blkio.CFQ.Statistics': CgroupInfoBlkioCFQStatistics
  'mesos.v1.CgroupInfo.Blkio.Throttling': CgroupInfoBlkioThrottling
  'mesos.v1.CgroupInfo.Blkio.Throttling.Statistics': CgroupInfoBlkioThrottlingStatistics
  'mesos.v1.CgroupInfo.Blkio.Statistics': CgroupInfoBlkioStatistics
  'mesos.v1.CgroupInfo.NetCls': CgroupInfoNetCls
  'mesos.v1.ContainerStatus': ContainerStatus
  'mesos.v1.CheckInfo': CheckInfo
  'mesos.v1.CheckInfo.Command': CheckInfoCommand
  'mesos.v1.CheckInfo.Http': CheckInfoHttp
  'mesos.v1.CheckInfo.Tcp': CheckInfoTcp
  'mesos.v1.HealthCheck': HealthCheck
  'mesos.v1.HealthCheck.HTTPCheckInfo': HealthCheckHTTPCheckInfo
  'mesos.v1.HealthCheck.TCPCheckInfo': HealthCheckTCPCheckInfo
  'mesos.v1.CheckStatusInfo': CheckStatusInfo
  'mesos.v1.CheckStatusInfo.Command': CheckStatusInfoCommand
  'mesos.v1.CheckStatusInfo.Http': CheckStatusInfoHttp
  'mesos.v1.CheckStatusInfo.Tcp': CheckStatusInfoTcp
  'mesos.v1.Port': Port
  'mesos.v1.Ports': Ports
  'mesos.v1.DiscoveryInfo': DiscoveryInfo
  'mesos.v1.OfferFilters': OfferFilters
  'mesos.v1.OfferFilters.MinAllocatableResources': OfferFiltersMinAllocatableResources
  'mesos.v1.OfferFilters.ResourceQuantities': OfferFiltersResourceQuantities
  'mesos.v1.FrameworkInfo': FrameworkInfo
  'mesos.v1.FrameworkInfo.Capability': FrameworkInfoCapability
  'mesos.v1.MasterInfo': MasterInfo
  'mesos.v1.MasterInfo.Capability': MasterInfoCapability
  'mesos.v1.AgentInfo': AgentInfo
  'mesos.v1.AgentInfo.Capability': AgentInfoCapability
  'mesos.v1.ExecutorInfo': ExecutorInfo
  'mesos.v1.TaskInfo': TaskInfo
  'mesos.v1.TaskGroupInfo': TaskGroupInfo
  'mesos.v1.TaskResourceLimitation': TaskResourceLimitation
  'mesos.v1.TaskStatus': TaskStatus
  'mesos.v1.Request': Request
  'mesos.v1.Offer': Offer
  'mesos.v1.Offer.Operation': OfferOperation
  'mesos.v1.Offer.Operation.Launch': OfferOperationLaunch
  'mesos.v1.Offer.Operation.Reserve': OfferOperationReserve
  'mesos.v1.Offer.Operation.Unreserve': OfferOperationUnreserve
  'mesos.v1.Offer.Operation.Create': OfferOperationCreate
  'mesos.v1.Offer.Operation.Destroy': OfferOperationDestroy
  'mesos.v1.Offer.Operation.LaunchGroup': OfferOperationLaunchGroup
  'mesos.v1.Offer.Operation.GrowVolume': OfferOperationGrowVolume
  'mesos.v1.Offer.Operation.ShrinkVolume': OfferOperationShrinkVolume
  'mesos.v1.Offer.Operation.CreateDisk': OfferOperationCreateDisk
  'mesos.v1.Offer.Operation.DestroyDisk': OfferOperationDestroyDisk
  'mesos.v1.InverseOffer': InverseOffer
  'mesos.v1.Filters': Filters
  'mesos.v1.OperationStatus': OperationStatus
  'mesos.v1.scheduler.AttributeConstraint': SchedulerAttributeConstraint
  'mesos.v1.scheduler.AttributeConstraint.Selector': SchedulerAttributeConstraintSelector
  'mesos.v1.scheduler.AttributeConstraint.Predicate': SchedulerAttributeConstraintPredicate
  'mesos.v1.scheduler.AttributeConstraint.Predicate.Exists': SchedulerAttributeConstraintPredicateExists
  'mesos.v1.scheduler.AttributeConstraint.Predicate.NotExists': SchedulerAttributeConstraintPredicateNotExists
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextEquals': SchedulerAttributeConstraintPredicateTextEquals
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotEquals': SchedulerAttributeConstraintPredicateTextNotEquals
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextMatches': SchedulerAttributeConstraintPredicateTextMatches
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotMatches': SchedulerAttributeConstraintPredicateTextNotMatches
  'mesos.v1.scheduler.OfferConstraints': SchedulerOfferConstraints
  'mesos.v1.scheduler.OfferConstraints.RoleConstraints': SchedulerOfferConstraintsRoleConstraints
  'mesos.v1.scheduler.OfferConstraints.RoleConstraints.Group': SchedulerOfferConstraintsRoleConstraintsGroup
  'mesos.v1.scheduler.Event': SchedulerEvent
  'mesos.v1.scheduler.Event.Subscribed': SchedulerEventSubscribed
  'mesos.v1.scheduler.Event.Offers': SchedulerEventOffers
  'mesos.v1.scheduler.Event.Rescind': SchedulerEventRescind
  'mesos.v1.scheduler.Event.Update': SchedulerEventUpdate
  'mesos.v1.scheduler.Event.Message': SchedulerEventMessage
  'mesos.v1.scheduler.Event.Failure': SchedulerEventFailure
  'mesos.v1.scheduler.Event.Error': SchedulerEventError
  'mesos.v1.scheduler.Event.InverseOffers': SchedulerEventInverseOffers
  'mesos.v1.scheduler.Event.RescindInverseOffer': SchedulerEventRescindInverseOffer
  'mesos.v1.scheduler.Event.UpdateOperationStatus': SchedulerEventUpdateOperationStatus
  'mesos.v1.scheduler.Call': SchedulerCall
  'mesos.v1.scheduler.Call.Subscribe': SchedulerCallSubscribe
  'mesos.v1.scheduler.Call.Accept': SchedulerCallAccept
  'mesos.v1.scheduler.Call.Decline': SchedulerCallDecline
  'mesos.v1.scheduler.Call.Kill': SchedulerCallKill
  'mesos.v1.scheduler.Call.Shutdown': SchedulerCallShutdown
  'mesos.v1.scheduler.Call.Acknowledge': SchedulerCallAcknowledge
  'mesos.v1.scheduler.Call.Reconcile': SchedulerCallReconcile
  'mesos.v1.scheduler.Call.Reconcile.Task': SchedulerCallReconcileTask
  'mesos.v1.scheduler.Call.Message': SchedulerCallMessage
  'mesos.v1.scheduler.Call.Request': SchedulerCallRequest
  'mesos.v1.scheduler.Call.AcceptInverseOffers': SchedulerCallAcceptInverseOffers
  'mesos.v1.scheduler.Call.DeclineInverseOffers': SchedulerCallDeclineInverseOffers
  'mesos.v1.scheduler.Call.Revive': SchedulerCallRevive
  'mesos.v1.scheduler.Call.Suppress': SchedulerCallSuppress
  'mesos.v1.scheduler.Call.AcknowledgeOperationStatus': SchedulerCallAcknowledgeOperationStatus
  'mesos.v1.scheduler.Call.ReconcileOperations': SchedulerCallReconcileOperations
  'mesos.v1.scheduler.Call.ReconcileOperations.Operation': SchedulerCallReconcileOperationsOperation
  'mesos.v1.scheduler.Call.UpdateFramework': SchedulerCallUpdateFramework
  'mesos.v1.executor.Event': ExecutorEvent
  'mesos.v1.executor.Event.Subscribed': ExecutorEventSubscribed
  'mesos.v1.executor.Event.Acknowledged': ExecutorEventAcknowledged
  'mesos.v1.executor.Event.Launch': ExecutorEventLaunch
  'mesos.v1.executor.Event.Kill': ExecutorEventKill
  'mesos.v1.executor.Event.Message': ExecutorEventMessage
  'mesos.v1.executor.Event.Error': ExecutorEventError
  'mesos.v1.executor.Event.LaunchGroup': ExecutorEventLaunchGroup
  'mesos.v1.executor.Call': ExecutorCall
  'mesos.v1.executor.Call.Subscribe': ExecutorCallSubscribe
  'mesos.v1.executor.Call.Update': ExecutorCallUpdate
  'mesos.v1.executor.Call.Message': ExecutorCallMessage
  'mesos.v1.master.Call': MasterCall
  'mesos.v1.master.Call.GetMetrics': MasterCallGetMetrics
  'mesos.v1.master.Call.SetLoggingLevel': MasterCallSetLoggingLevel
  'mesos.v1.master.Call.ListFiles': MasterCallListFiles
  'mesos.v1.master.Call.ReadFile': MasterCallReadFile
  'mesos.v1.master.Call.UpdateWeights': MasterCallUpdateWeights
  'mesos.v1.master.Call.ReserveResources': MasterCallReserveResources
  'mesos.v1.master.Call.UnreserveResources': MasterCallUnreserveResources
  'mesos.v1.master.Call.CreateVolumes': MasterCallCreateVolumes
  'mesos.v1.master.Call.DestroyVolumes': MasterCallDestroyVolumes
  'mesos.v1.master.Call.GrowVolume': MasterCallGrowVolume
  'mesos.v1.master.Call.ShrinkVolume': MasterCallShrinkVolume
  'mesos.v1.master.Call.UpdateMaintenanceSchedule': MasterCallUpdateMaintenanceSchedule
  'mesos.v1.master.Call.StartMaintenance': MasterCallStartMaintenance
  'mesos.v1.master.Call.StopMaintenance': MasterCallStopMaintenance
  'mesos.v1.master.Call.DrainAgent': MasterCallDrainAgent
  'mesos.v1.master.Call.DeactivateAgent': MasterCallDeactivateAgent
  'mesos.v1.master.Call.ReactivateAgent': MasterCallReactivateAgent
  'mesos.v1.master.Call.UpdateQuota': MasterCallUpdateQuota
  'mesos.v1.master.Call.SetQuota': MasterCallSetQuota
  'mesos.v1.master.Call.RemoveQuota': MasterCallRemoveQuota
  'mesos.v1.master.Call.Teardown': MasterCallTeardown
  'mesos.v1.master.Call.MarkAgentGone': MasterCallMarkAgentGone
  'mesos.v1.master.Response': MasterResponse
  'mesos.v1.master.Response.GetHealth': MasterResponseGetHealth
  'mesos.v1.master.Response.GetFlags': MasterResponseGetFlags
  'mesos.v1.master.Response.GetVersion': MasterResponseGetVersion
  'mesos.v1.master.Response.GetMetrics': MasterResponseGetMetrics
  'mesos.v1.master.Response.GetLoggingLevel': MasterResponseGetLoggingLevel
  'mesos.v1.master.Response.ListFiles': MasterResponseListFiles
  'mesos.v1.master.Response.ReadFile': MasterResponseReadFile
  'mesos.v1.master.Response.GetState': MasterResponseGetState
  'mesos.v1.master.Response.GetAgents': MasterResponseGetAgents
  'mesos.v1.master.Response.GetAgents.Agent': MasterResponseGetAgentsAgent
  'mesos.v1.master.Response.GetAgents.Agent.ResourceProvider': MasterResponseGetAgentsAgentResourceProvider
  'mesos.v1.master.Response.GetFrameworks': MasterResponseGetFrameworks
  'mesos.v1.master.Response.GetFrameworks.Framework': MasterResponseGetFrameworksFramework
  'mesos.v1.master.Response.GetExecutors': MasterResponseGetExecutors
  'mesos.v1.master.Response.GetExecutors.Executor': MasterResponseGetExecutorsExecutor
  'mesos.v1.master.Response.GetOperations': MasterResponseGetOperations
  'mesos.v1.master.Response.GetTasks': MasterResponseGetTasks
  'mesos.v1.master.Response.GetRoles': MasterResponseGetRoles
  'mesos.v1.master.Response.GetWeights': MasterResponseGetWeights
  'mesos.v1.master.Response.GetMaster': MasterResponseGetMaster
  'mesos.v1.master.Response.GetMaintenanceStatus': MasterResponseGetMaintenanceStatus
  'mesos.v1.master.Response.GetMaintenanceSchedule': MasterResponseGetMaintenanceSchedule
  'mesos.v1.master.Response.GetQuota': MasterResponseGetQuota
  'mesos.v1.master.Event': MasterEvent
  'mesos.v1.master.Event.Subscribed': MasterEventSubscribed
  'mesos.v1.master.Event.TaskAdded': MasterEventTaskAdded
  'mesos.v1.master.Event.TaskUpdated': MasterEventTaskUpdated
  'mesos.v1.master.Event.FrameworkAdded': MasterEventFrameworkAdded
  'mesos.v1.master.Event.FrameworkUpdated': MasterEventFrameworkUpdated
  'mesos.v1.master.Event.FrameworkRemoved': MasterEventFrameworkRemoved
  'mesos.v1.master.Event.AgentAdded': MasterEventAgentAdded
  'mesos.v1.master.Event.AgentRemoved': MasterEventAgentRemoved
  'mesos.v1.MachineID': MachineID
  'mesos.v1.CSIPluginContainerInfo': CSIPluginContainerInfo
  'mesos.v1.CSIPluginEndpoint': CSIPluginEndpoint
  'mesos.v1.CSIPluginInfo': CSIPluginInfo
  'mesos.v1.ResourceProviderInfo': ResourceProviderInfo
  'mesos.v1.ResourceProviderInfo.Storage': ResourceProviderInfoStorage
  'mesos.v1.TrafficControlStatistics': TrafficControlStatistics
  'mesos.v1.IpStatistics': IpStatistics
  'mesos.v1.IcmpStatistics': IcmpStatistics
  'mesos.v1.TcpStatistics': TcpStatistics
  'mesos.v1.UdpStatistics': UdpStatistics
  'mesos.v1.SNMPStatistics': SNMPStatistics
  'mesos.v1.DiskStatistics': DiskStatistics
  'mesos.v1.ResourceStatistics': ResourceStatistics
  'mesos.v1.ResourceStatistics.RatePercentiles': ResourceStatisticsRatePercentiles
  'mesos.v1.ResourceStatistics.RateStatistics': ResourceStatisticsRateStatistics
  'mesos.v1.PerfStatistics': PerfStatistics
  'mesos.v1.Task': Task
  'mesos.v1.Operation': Operation
  'mesos.v1.WeightInfo': WeightInfo
  'mesos.v1.VersionInfo': VersionInfo
  'mesos.v1.Flag': Flag
  'mesos.v1.Role': Role
  'mesos.v1.Metric': Metric
  'mesos.v1.FileInfo': FileInfo
  'mesos.v1.DrainConfig': DrainConfig
  'mesos.v1.DrainInfo': DrainInfo
  'mesos.v1.maintenance.Window': MaintenanceWindow
  'mesos.v1.maintenance.Schedule': MaintenanceSchedule
  'mesos.v1.maintenance.ClusterStatus': MaintenanceClusterStatus
  'mesos.v1.maintenance.ClusterStatus.DrainingMachine': MaintenanceClusterStatusDrainingMachine
  'mesos.v1.allocator.InverseOfferStatus': AllocatorInverseOfferStatus
  'mesos.v1.quota.QuotaInfo': QuotaQuotaInfo
  'mesos.v1.quota.QuotaRequest': QuotaQuotaRequest
  'mesos.v1.quota.QuotaConfig': QuotaQuotaConfig
  'mesos.v1.quota.QuotaStatus': QuotaQuotaStatus
  'mesos.v1.agent.Call': AgentCall
  'mesos.v1.agent.Call.GetMetrics': AgentCallGetMetrics
  'mesos.v1.agent.Call.SetLoggingLevel': AgentCallSetLoggingLevel
  'mesos.v1.agent.Call.ListFiles': AgentCallListFiles
  'mesos.v1.agent.Call.ReadFile': AgentCallReadFile
  'mesos.v1.agent.Call.GetContainers': AgentCallGetContainers
  'mesos.v1.agent.Call.LaunchNestedContainer': AgentCallLaunchNestedContainer
  'mesos.v1.agent.Call.WaitNestedContainer': AgentCallWaitNestedContainer
  'mesos.v1.agent.Call.KillNestedContainer': AgentCallKillNestedContainer
  'mesos.v1.agent.Call.RemoveNestedContainer': AgentCallRemoveNestedContainer
  'mesos.v1.agent.Call.LaunchNestedContainerSession': AgentCallLaunchNestedContainerSession
  'mesos.v1.agent.Call.AttachContainerInput': AgentCallAttachContainerInput
  'mesos.v1.agent.Call.AttachContainerOutput': AgentCallAttachContainerOutput
  'mesos.v1.agent.Call.LaunchContainer': AgentCallLaunchContainer
  'mesos.v1.agent.Call.WaitContainer': AgentCallWaitContainer
  'mesos.v1.agent.Call.KillContainer': AgentCallKillContainer
  'mesos.v1.agent.Call.RemoveContainer': AgentCallRemoveContainer
  'mesos.v1.agent.Call.AddResourceProviderConfig': AgentCallAddResourceProviderConfig
  'mesos.v1.agent.Call.UpdateResourceProviderConfig': AgentCallUpdateResourceProviderConfig
  'mesos.v1.agent.Call.RemoveResourceProviderConfig': AgentCallRemoveResourceProviderConfig
  'mesos.v1.agent.Call.MarkResourceProviderGone': AgentCallMarkResourceProviderGone
  'mesos.v1.agent.Call.PruneImages': AgentCallPruneImages
  'mesos.v1.agent.Response': AgentResponse
  'mesos.v1.agent.Response.GetHealth': AgentResponseGetHealth
  'mesos.v1.agent.Response.GetFlags': AgentResponseGetFlags
  'mesos.v1.agent.Response.GetVersion': AgentResponseGetVersion
  'mesos.v1.agent.Response.GetMetrics': AgentResponseGetMetrics
  'mesos.v1.agent.Response.GetLoggingLevel': AgentResponseGetLoggingLevel
  'mesos.v1.agent.Response.ListFiles': AgentResponseListFiles
  'mesos.v1.agent.Response.ReadFile': AgentResponseReadFile
  'mesos.v1.agent.Response.GetState': AgentResponseGetState
  'mesos.v1.agent.Response.GetContainers': AgentResponseGetContainers
  'mesos.v1.agent.Response.GetContainers.Container': AgentResponseGetContainersContainer
  'mesos.v1.agent.Response.GetFrameworks': AgentResponseGetFrameworks
  'mesos.v1.agent.Response.GetFrameworks.Framework': AgentResponseGetFrameworksFramework
  'mesos.v1.agent.Response.GetExecutors': AgentResponseGetExecutors
  'mesos.v1.agent.Response.GetExecutors.Executor': AgentResponseGetExecutorsExecutor
  'mesos.v1.agent.Response.GetOperations': AgentResponseGetOperations
  'mesos.v1.agent.Response.GetTasks': AgentResponseGetTasks
  'mesos.v1.agent.Response.GetAgent': AgentResponseGetAgent
  'mesos.v1.agent.Response.GetResourceProviders': AgentResponseGetResourceProviders
  'mesos.v1.agent.Response.GetResourceProviders.ResourceProvider': AgentResponseGetResourceProvidersResourceProvider
  'mesos.v1.agent.Response.WaitNestedContainer': AgentResponseWaitNestedContainer
  'mesos.v1.agent.Response.WaitContainer': AgentResponseWaitContainer
  'mesos.v1.agent.ProcessIO': AgentProcessIO
  'mesos.v1.agent.ProcessIO.Data': AgentProcessIOData
  'mesos.v1.agent.ProcessIO.Control': AgentProcessIOControl
  'mesos.v1.agent.ProcessIO.Control.Heartbeat': AgentProcessIOControlHeartbeat
  'google.protobuf.Duration': GoogleProtobufDuration
}
