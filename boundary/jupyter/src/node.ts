/** Kernels over ZeroMQ, and bridges over standard input and output and over unix sockets. */
export { runBridge } from './node/bridge.ts'
export { connectKernel } from './node/connect-kernel.ts'
export { type ConnectionInfo, parseConnection, readConnectionFile } from './node/connection-info.ts'
export type { CellApi, CellHost, DisplayOptions } from './node/kernel/cell-thread.ts'
export { type KernelOptions, runKernel } from './node/kernel/run-kernel.ts'
export { SHOW, type Shower } from './node/kernel/show-value.ts'
export { makeKernelFolder, requirePrivateFolder } from './node/kernel-folder.ts'
export { installKernelspec, type Kernelspec, kernelspecFolder, removeKernelspec } from './node/kernelspec.ts'
export { loadZeromq } from './node/load-zeromq.ts'
export { hmacSigner } from './node/message-signer.ts'
export { isRunning, type ProcessIdentity, processIdentity } from './node/process-state.ts'
export { ownStdioTransport, processTransport } from './node/process-transport.ts'
export { runAgent } from './node/remote/agent.ts'
export type { SessionSettingsOnHost } from './node/remote/agent-requests.ts'
export type { Finding } from './node/remote/check-host.ts'
export { casaPython, type HostFacts, type PythonFacts } from './node/remote/host-facts.ts'
export { bridgeToSession } from './node/remote/host-session-bridge.ts'
export type { Installation } from './node/remote/install-package.ts'
export { type LocalPackage, openRemoteHost, RemoteHost, requireNoErrors } from './node/remote/remote-host.ts'
export {
  attachRemoteKernel,
  listRemoteKernels,
  type RemoteKernel,
  removeRemoteKernel,
  startRemoteKernel,
} from './node/remote/remote-kernel.ts'
export { attachRemoteSession, startRemoteSession } from './node/remote/remote-session.ts'
export type { RemoteSession, RemoteSessionOptions, Route } from './node/remote/remote-session-options.ts'
export { noticeLine, openRegistry, type SessionRegistry, type SessionStatus } from './node/remote/session-registry.ts'
export { listenOnSocket, socketTransport } from './node/socket-transport.ts'
export type { SshAsker, SshQuestion } from './node/ssh/ask-pass.ts'
export { openSsh, type SshConnection, type SshOptions } from './node/ssh/ssh-connection.ts'
export { type KernelCommand, type RunningKernel, type StartKernelOptions, startKernel } from './node/start-kernel.ts'
