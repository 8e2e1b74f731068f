import { JupyterError } from '../jupyter-error.ts'

export type Zeromq = typeof import('zeromq')

/**
 * ZeroMQ, which is an optional dependency: 41 MB that only Jupyter kernels need.
 * @throws JupyterError when it is not installed or not for this platform
 */
export async function loadZeromq(): Promise<Zeromq> {
  try {
    return await import('zeromq')
  } catch (cause) {
    throw new JupyterError(
      `expected the package zeromq, which speaks with Jupyter kernels, got: ${(cause as Error).message}: npm install zeromq`,
      {},
      cause,
    )
  }
}
