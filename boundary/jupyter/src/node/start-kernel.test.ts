import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jupyterPython } from '../../testing/jupyter-python.ts'
import { JupyterError } from '../jupyter-error.ts'
import type { KernelState } from '../kernel-client.ts'
import { connectKernel } from './connect-kernel.ts'
import { parseConnection } from './connection-info.ts'
import { isRunning, processIdentity } from './process-state.ts'
import { type RunningKernel, startKernel } from './start-kernel.ts'

const python = jupyterPython()
const command = { argv: [python ?? '', '-m', 'ipykernel_launcher', '-f', '{connection_file}'] }

describe.skipIf(python === null)('a Python kernel', () => {
  let kernel: RunningKernel
  beforeAll(async () => {
    kernel = await startKernel(command, { heartbeatMs: 300 })
  })
  afterAll(() => kernel?.shutdown())

  it('says what it is', () => {
    expect(kernel.client.info).toMatchObject({ implementation: 'ipython', language: 'python' })
    expect(kernel.client.state).toBe('idle')
  })

  it('keeps its sockets and its key from other users', () => {
    const folder = dirname(kernel.connectionFile)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(kernel.connectionFile).mode & 0o777).toBe(0o600)
    expect(kernel.connection.transport).toBe('ipc')
  })

  it('runs code and shows what it prints and what it is worth', async () => {
    const states: KernelState[] = []
    const stop = kernel.client.onState(state => states.push(state))
    const answer = await kernel.client.execute('import sys\nprint("out")\nprint("err", file=sys.stderr)\n6*7', {
      userExpressions: { twice: '2*2' },
    })
    stop()
    expect(answer).toMatchObject({ stdout: 'out\n', stderr: 'err\n', result: { 'text/plain': '42' } })
    expect(answer.userExpressions.twice).toMatchObject({ data: { 'text/plain': '4' } })
    expect(states).toEqual(['busy', 'idle'])
  })

  it('says what went wrong in the code', async () => {
    const failure = await kernel.client.execute('1/0').catch(error => error)
    expect(failure).toBeInstanceOf(JupyterError)
    expect(failure.fields).toMatchObject({ ename: 'ZeroDivisionError', evalue: 'division by zero' })
  })

  it('asks for input and gets it, or hears that nobody answers', async () => {
    const asked: [string, boolean][] = []
    const answer = await kernel.client.execute('import getpass\n[input("name? "), getpass.getpass("word? ")]', {
      onInput: async (prompt, password) => {
        asked.push([prompt, password])
        return password ? 'secret' : 'Karl'
      },
    })
    expect(asked).toEqual([
      ['name? ', false],
      ['word? ', true],
    ])
    expect(answer.result).toEqual({ 'text/plain': "['Karl', 'secret']" })
    await expect(kernel.client.execute('input()')).rejects.toThrow('StdinNotImplementedError')
  })

  it('carries buffers both ways over a comm', async () => {
    await kernel.client.execute(
      [
        'def opened(comm, message):',
        '    def echo(m): comm.send({"n": len(m["buffers"]), "of": m["content"]["data"]}, buffers=m["buffers"])',
        '    comm.on_msg(echo)',
        'get_ipython().kernel.comm_manager.register_target("echo", opened)',
      ].join('\n'),
    )
    const comm = kernel.client.openComm('echo', {})
    const buffers = [Uint8Array.of(1, 2, 3), new Uint8Array(1 << 20).fill(9)]
    const answer = new Promise<[unknown, readonly Uint8Array[]]>(resolve =>
      comm.onMessage((data, back) => resolve([data, back])),
    )
    comm.send({ x: 1 }, buffers)
    const [data, back] = await answer
    expect(data).toEqual({ n: 2, of: { x: 1 } })
    expect(back.map(buffer => Buffer.compare(buffer, buffers[back.indexOf(buffer)]))).toEqual([0, 0])
    comm.close()
  })

  it('closes a comm to a target it does not know', async () => {
    const comm = kernel.client.openComm('nobody')
    await new Promise<void>(resolve => comm.onClose(() => resolve()))
  })

  it('is interrupted, by its process and by a signal of the caller', async () => {
    const sleeping = kernel.client.execute('import time; time.sleep(30)')
    setTimeout(() => kernel.interrupt(), 200)
    await expect(sleeping).rejects.toThrow('KeyboardInterrupt')
  })

  it('answers in a subshell while the main shell is busy', async () => {
    const subshellId = await kernel.client.createSubshell()
    const busy = kernel.client.execute('time.sleep(1.5)')
    const startMs = performance.now()
    const { result } = await kernel.client.execute('1+1', { subshellId })
    const answeredMs = performance.now() - startMs
    expect(result).toEqual({ 'text/plain': '2' })
    expect(answeredMs).toBeLessThan(1000)
    await busy
    await kernel.client.deleteSubshell(subshellId)
  })

  it('has a heartbeat, and is called unresponsive while it is stopped', async () => {
    const roundTripMs = await kernel.client.heartbeat()
    expect(roundTripMs).toBeLessThan(1000)
    const silent = stateReached(kernel, 'unresponsive')
    process.kill(kernel.pid, 'SIGSTOP')
    await silent
    await expect(kernel.client.heartbeat(200)).rejects.toThrow("expected the kernel's heartbeat within 200 ms")
    const back = stateReached(kernel, 'idle')
    process.kill(kernel.pid, 'SIGCONT')
    await back
  })

  it('takes a second client, which hears of the first', async () => {
    const other = await connectKernel(kernel.connectionFile)
    const heard = new Promise<string>(resolve =>
      other.onMessage((_channel, { header, content }) => {
        if (header.msg_type === 'stream') resolve(String(content.text))
      }),
    )
    await kernel.client.execute('print("for all")')
    expect(await heard).toBe('for all\n')
    other.dispose()
    await expect(other.execute('1')).rejects.toThrow('got one that is closed: the client was disposed')
    expect((await kernel.client.execute('2')).result).toEqual({ 'text/plain': '2' })
  })

  it('refuses whoever does not have its key', async () => {
    const stranger = connectKernel({ ...kernel.connection, key: 'wrong' }, { startTimeoutMs: 900 })
    await expect(stranger).rejects.toThrow('expected a kernel that answers within 900 ms')
  })

  it('is restarted: the state is gone, the client stays', async () => {
    await kernel.client.execute('x = 1')
    const { pid } = kernel
    const waiting = kernel.client.execute('time.sleep(60)').catch(error => error)
    await kernel.restart()
    expect((await waiting).message).toMatch('expected an answer of the kernel, got: ')
    expect(kernel.pid).not.toBe(pid)
    await expect(kernel.client.execute('x')).rejects.toThrow('NameError')
    expect((await kernel.client.execute('3')).result).toEqual({ 'text/plain': '3' })
  })

  it('that was killed fails what was under way, in words, and can be started again', async () => {
    const deaths: string[] = []
    kernel.onDeath(reason => deaths.push(reason))
    const identity = await processIdentity(kernel.pid)
    const comm = kernel.client.openComm('echo')
    const closed = new Promise<void>(resolve => comm.onClose(() => resolve()))
    const call = kernel.client.execute('import time; time.sleep(60)').catch(error => error)
    setTimeout(() => kernel.kill(), 100)
    expect((await call).message).toMatch(/process \d+\) ended with signal SIGKILL/)
    await closed
    expect(deaths.length).toBe(1)
    expect(kernel.client.state).toBe('dead')
    expect(identity !== null && (await isRunning(identity))).toBe(false)
    await kernel.restart()
    expect((await kernel.client.execute('4')).result).toEqual({ 'text/plain': '4' })
  })

  it('leaves nothing behind', async () => {
    const once = await startKernel(command)
    const folder = dirname(once.connectionFile)
    await once.shutdown()
    expect(existsSync(folder)).toBe(false)
    expect(await processIdentity(once.pid)).toBe(null)
  })
})

function stateReached(kernel: RunningKernel, wanted: KernelState): Promise<void> {
  return new Promise(resolve => {
    const stop = kernel.client.onState(state => {
      if (state !== wanted) return
      stop()
      resolve()
    })
  })
}

describe('a kernel that cannot be started', () => {
  it('is reported with what it said', async () => {
    await expect(startKernel({ argv: ['no-such-program'] })).rejects.toThrow('expected to run no-such-program')
    const dying = startKernel({ argv: ['sh', '-c', 'echo no module named ipykernel >&2; exit 3'] })
    await expect(dying).rejects.toThrow('ended with exit status 3: no module named ipykernel')
  })

  it('or has no sensible connection file is refused', async () => {
    await expect(connectKernel('/nowhere/kernel.json')).rejects.toThrow("expected a kernel's connection file")
    expect(() => parseConnection({ transport: 'tcp' }, 'test')).toThrow('(test)')
    const far = {
      ...parseConnection(
        {
          transport: 'tcp',
          ip: '10.0.0.1',
          shell_port: 1,
          iopub_port: 2,
          stdin_port: 3,
          control_port: 4,
          hb_port: 5,
          key: 'k',
        },
        'test',
      ),
    }
    await expect(connectKernel(far)).rejects.toThrow('expected a kernel on this machine')
    await expect(connectKernel({ ...far, transport: 'ipc', ip: `/${'x'.repeat(120)}` })).rejects.toThrow('at most 10')
  })
})
