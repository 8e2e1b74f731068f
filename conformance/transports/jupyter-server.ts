import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { connectLink, KERNEL_SUBPROTOCOL, startKernelSession, webSocketLink } from '@cleanbeam/jupyter'
import type { JsonObject } from '@cleanbeam/types'
import { WebSocket } from 'ws'
import { CLI, type KernelRig } from './backends.ts'

const READY_MS = 30_000

/** Our kernel behind a Jupyter server, as JupyterHub and JupyterLab have it: reached over the server's WebSocket. */
export function kernelOfJupyterServer(python: string, folder: string): KernelRig {
  let server: ChildProcess | null = null
  let address = ''
  const token = randomBytes(16).toString('hex')
  const headers = { authorization: `token ${token}` }
  const clients: { dispose(): void }[] = []
  return {
    async before() {
      execFileSync(process.execPath, [CLI, 'kernel', 'install', '--prefix', folder], { stdio: 'ignore' })
      const port = await freePort()
      address = `http://127.0.0.1:${port}/base/`
      const words = ['-m', 'jupyter_server', `--port=${port}`, '--no-browser', `--IdentityProvider.token=${token}`]
      server = spawn(python, [...words, '--ServerApp.base_url=/base/', '--allow-root'], {
        cwd: folder,
        env: { ...process.env, JUPYTER_PATH: join(folder, 'share/jupyter') },
        stdio: 'ignore',
      })
      await untilAnswers(`${address}api/status`, headers)
    },
    async after() {
      for (const client of clients) client.dispose()
      server?.kill('SIGTERM')
      await new Promise(resolve => server?.once('exit', resolve))
    },
    async open(parameters: JsonObject) {
      const started = await fetch(`${address}api/kernels`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'cleanbeam' }),
      })
      const { id } = (await started.json()) as { id: string }
      const url = `${address.replace('http', 'ws')}api/kernels/${id}/channels`
      const client = await connectLink(webSocketLink(new WebSocket(url, [KERNEL_SUBPROTOCOL], { headers })))
      clients.push(client)
      const session = await startKernelSession(client, { parameters: { ...parameters } as never })
      return {
        connect: async () => session.connect(),
        async close() {
          await session.close()
          await fetch(`${address}api/kernels/${id}`, { method: 'DELETE', headers })
        },
      }
    },
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

async function untilAnswers(url: string, headers: Record<string, string>): Promise<void> {
  const endMs = performance.now() + READY_MS
  for (;;) {
    const answer = await fetch(url, { headers }).catch(() => null)
    if (answer?.ok) return
    if (performance.now() > endMs)
      throw new Error(`expected a Jupyter server at ${url}, got ${answer?.status ?? 'silence'}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
