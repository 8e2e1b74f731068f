import type { KernelClient } from '@cleanbeam/jupyter'
import { type SshConnection, startKernel, startRemoteKernel } from '@cleanbeam/jupyter/node'
import { CASA_PROTOCOL, CASA_TARGET, CasaCalls } from '../casa-calls.ts'
import type { CasaKernel } from '../casa-engine.ts'
import { CasaError } from '../casa-error.ts'
import { casaModuleCode } from './casa-module.ts'
import { findCasaPython } from './find-casa.ts'

export interface CasaKernelOptions {
  /** Default: found automatically. */
  readonly python?: string
  /** Working folder of CASA; default: this process's. */
  readonly cwd?: string
}

/** A Python without this writes into the working folder. */
const ENVIRONMENT = { PYTHONUNBUFFERED: '1', MPLBACKEND: 'agg' }

/**
 * Starts CASA in a Jupyter kernel of this machine.
 * @throws CasaError when there is none; JupyterError when its kernel does not start
 */
export async function startCasaKernel(options: CasaKernelOptions = {}): Promise<CasaKernel> {
  const python = options.python ?? (await findCasaPython())
  const argv = [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}']
  const kernel = await startKernel({ argv, env: ENVIRONMENT }, { cwd: options.cwd ?? process.cwd() })
  try {
    const { calls, version } = await openCalls(kernel.client)
    kernel.onDeath(reason => calls.fail(reason))
    return {
      calls,
      version,
      interrupt: () => kernel.interrupt(),
      kill: () => kernel.kill(),
      close: () => kernel.shutdown(),
    }
  } catch (error) {
    kernel.kill()
    throw error
  }
}

/**
 * Starts CASA in a Jupyter kernel of another host; it works in the home folder there. A call under way survives the loss
 * of the connection.
 * @param python - path of the Python there that has CASA
 * @throws CasaError when CASA cannot be used there; JupyterError when its kernel does not start
 */
export async function startRemoteCasaKernel(ssh: SshConnection, python: string): Promise<CasaKernel> {
  const kernel = await startRemoteKernel(ssh, python)
  try {
    const { calls, version } = await openCalls(kernel.client)
    kernel.onReconnected(() => calls.attach(kernel.client.openComm(CASA_TARGET)))
    return {
      calls,
      version,
      interrupt: () => kernel.interrupt(),
      async kill() {
        await kernel.stop()
        calls.fail('the kernel was ended')
      },
      close: () => kernel.stop(),
    }
  } catch (error) {
    await kernel.stop()
    throw error
  }
}

/**
 * Sends the module to a kernel and opens its comm.
 * @throws CasaError when it speaks another version, or CASA cannot be imported
 */
export async function openCalls(client: KernelClient): Promise<{ calls: CasaCalls; version: string }> {
  await client.execute(casaModuleCode(), { silent: true })
  const calls = new CasaCalls()
  calls.attach(client.openComm(CASA_TARGET))
  const { protocol, version } = await calls.call<{ protocol: number; version: string }>('info', {})
  if (protocol === CASA_PROTOCOL) return { calls, version }
  throw new CasaError(`expected CASA's side to speak version ${CASA_PROTOCOL}, got ${protocol}: start its kernel anew`)
}
