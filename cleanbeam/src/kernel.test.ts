import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Comm, JupyterError } from '@cleanbeam/jupyter'
import { connectKernel, type RunningKernel, startKernel } from '@cleanbeam/jupyter/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jupyterPython } from '../../boundary/jupyter/testing/jupyter-python.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CLI = join(ROOT, 'cleanbeam/bin/cleanbeam.js')
const M87 = join(ROOT, 'examples/m87/m87.uvfits')
const built = existsSync(join(ROOT, 'cleanbeam/dist/kernel.js'))
if (!built && process.env.REQUIRE_TOOLS) throw new Error('expected a built package, got none: run npm run build')

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-kernel-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Spec {
  readonly argv: string[]
  readonly interrupt_mode: 'signal' | 'message'
}

function installedSpec(): Spec {
  const answer = execFileSync(process.execPath, [CLI, 'kernel', 'install', '--prefix', folder, '--json'])
  const kernel = JSON.parse(answer.toString()) as { folder: string }
  expect(kernel.folder).toBe(join(folder, 'share/jupyter/kernels/cleanbeam'))
  return JSON.parse(readFileSync(join(kernel.folder, 'kernel.json'), 'utf8')) as Spec
}

describe.skipIf(!built)('the kernel for notebooks', () => {
  let kernel: RunningKernel
  beforeAll(async () => {
    const { argv, interrupt_mode } = installedSpec()
    kernel = await startKernel({ argv, interruptMode: interrupt_mode }, { cwd: folder })
  })
  afterAll(() => kernel?.shutdown())

  const run = async (code: string) => kernel.client.execute(code, { storeHistory: true })
  const text = async (code: string) => (await run(code)).result?.['text/plain']

  it('says what it is', () => {
    expect(kernel.client.info).toMatchObject({ implementation: 'cleanbeam', language: 'typescript' })
  })

  it('runs TypeScript, remembers and redeclares', async () => {
    expect(await text('const a: number = 20\nlet b = a satisfies number\na + b')).toBe('40')
    expect(await text('const a = "again" as string; a')).toBe("'again'")
    expect(await text('enum Lane { control, data }\nclass P { constructor(readonly x: number) {} }\nnew P(b).x')).toBe(
      '20',
    )
    expect(await text('const unused = 1')).toBe(undefined)
    expect(await text('await new Promise<string>(done => setTimeout(done, 5, "late"))')).toBe("'late'")
  })

  it('imports packages, files of the folder, and itself', async () => {
    writeFileSync(join(folder, 'beside.mjs'), 'export const near = 7\nexport default 8\n')
    writeFileSync(join(folder, 'data.json'), '{"x": 9}\n')
    const imports = [
      "import eight, { near } from './beside.mjs'",
      "import { basename } from 'node:path'",
      "import data from './data.json' with { type: 'json' }",
      "import { gclean as fromPackage } from 'cleanbeam'",
    ]
    expect(await text(`${imports.join('\n')}\n[near, eight, basename('/a/b'), data.x, fromPackage === gclean]`)).toBe(
      "[ 7, 8, 'b', 9, true ]",
    )
    expect(await text("(await import('./beside.mjs')).near")).toBe('7')
    await expect(run("import 'no-such-package'")).rejects.toThrow('no-such-package')
  })

  it('disposes what `using` holds at the end of the cell', async () => {
    const { stdout, result } = await run(
      'await using held = { name: "h", async [Symbol.asyncDispose]() { console.log("let go") } }\nheld.name',
    )
    expect([stdout, result]).toEqual(['let go\n', { 'text/plain': "'h'" }])
  })

  it('keeps order between what is printed and what follows', async () => {
    const kinds: string[] = []
    await kernel.client.execute(
      'console.log("1"); console.error("2"); await display("3"); process.stdout.write("4"); 5',
      {
        onOutput: ({ header, content }) =>
          kinds.push(`${header.msg_type} ${content.text ?? JSON.stringify(content.data)}`),
      },
    )
    expect(kinds).toEqual([
      'execute_input undefined',
      'stream 1\n',
      'stream 2\n',
      'display_data {"text/plain":"\'3\'"}',
      'stream 4',
      'execute_result {"text/plain":"5"}',
    ])
  })

  it('names the place of a mistake as it was written', async () => {
    const code = 'interface A { b: string }\n\n\nfunction f(): never {\n  throw new RangeError("far")\n}\nf()'
    const failure = (await run(code).catch(error => error)) as JupyterError
    expect(failure.fields).toMatchObject({ ename: 'RangeError', evalue: 'far' })
    const traceback = failure.fields.traceback as string[]
    expect(traceback[1]).toMatch(/at f \(cell-\d+\.ts:5:\d+\)/)
    expect(traceback[2]).toMatch(/at cell-\d+\.ts:7:1$/)
    expect(traceback.length).toBe(3)
    const syntax = (await run('let = 2 2').catch(error => error)) as JupyterError
    expect(syntax.fields.ename).toBe('SyntaxError')
  })

  it('does not carry out what was queued behind a mistake', async () => {
    const answers = await Promise.allSettled([run('throw new Error("first")'), run('globalThis.ran = true')])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(String((answers[1] as PromiseRejectedResult).reason)).toMatch('aborted')
    expect(await text('globalThis.ran')).toBe(undefined)
  })

  it('says what fails behind the back of a cell, and lives on', async () => {
    const failLater =
      'setTimeout(() => { throw new Error("behind the back") }, 5); Promise.reject(new Error("unheard"))'
    const { stderr } = await run(`${failLater}\nawait new Promise(done => setTimeout(done, 100))`)
    expect(stderr).toMatch('Uncaught Error: behind the back')
    expect(stderr).toMatch('Uncaught Error: unheard')
    expect(await text('2')).toBe('2')
  })

  it('completes and inspects without doing anything', async () => {
    await run(
      'const source = { peakJy: 1, get danger() { throw new Error("looked") }, touch() { globalThis.touched = 1 } }',
    )
    const complete = async (code: string, cursor_pos = code.length) =>
      (await kernel.client.request('complete_request', { code, cursor_pos })).content
    expect(await complete('source.pe')).toMatchObject({ matches: ['peakJy'], cursor_start: 7, cursor_end: 9 })
    expect(await complete('"💥"; sour')).toMatchObject({ matches: ['source'], cursor_start: 5, cursor_end: 9 })
    expect((await complete('gcl')).matches).toEqual(['gclean'])
    expect((await complete('"text".tri')).matches).toEqual([])
    expect((await complete('source.touch().')).matches).toEqual([])
    const inspect = async (code: string) =>
      (await kernel.client.request('inspect_request', { code, cursor_pos: code.length, detail_level: 0 })).content
    expect(await inspect('source.peakJy')).toMatchObject({ found: true })
    expect(await inspect('source.nothing')).toMatchObject({ found: false })
    expect(await text('globalThis.touched')).toBe(undefined)
  })

  it('asks the user, or hears that nobody answers', async () => {
    const asked: [string, boolean][] = []
    const { result } = await kernel.client.execute(
      "[await input('name? '), await input('word? ', { password: true })]",
      {
        onInput: async (prompt, password) => {
          asked.push([prompt, password])
          return password ? 'secret' : 'Karl'
        },
      },
    )
    expect(asked).toEqual([
      ['name? ', false],
      ['word? ', true],
    ])
    expect(result).toEqual({ 'text/plain': "[ 'Karl', 'secret' ]" })
    await expect(run('await input()')).rejects.toThrow('expected a client that answers questions')
  })

  it.each([
    ['that waits', 'await new Promise(() => {})'],
    ['that computes', 'for (;;) {}'],
    ['that computes after waiting', 'await 0; for (;;) {}'],
    ['that asks', 'await input("?")'],
  ])('interrupts a cell %s, and goes on', async (_name, code) => {
    const running = kernel.client.execute(code, { onInput: () => new Promise(() => {}) })
    setTimeout(() => kernel.interrupt(), 150)
    const startMs = performance.now()
    const failure = (await running.catch(error => error)) as JupyterError
    expect(failure.fields?.ename).toBe('KeyboardInterrupt')
    expect(performance.now() - startMs).toBeLessThan(3000)
    expect(await text('6 * 7')).toBe('42')
  })

  it('survives a timer that computes for ever', async () => {
    await run('setTimeout(() => { for (;;) {} }, 1); 0')
    const next = run('await 0')
    await new Promise(done => setTimeout(done, 100))
    await kernel.interrupt()
    await next.catch(() => {})
    expect(await text('8')).toBe('8')
  })

  it('answers heartbeats and control while a cell computes', async () => {
    const busy = run('const until = Date.now() + 600; while (Date.now() < until); "done"')
    await new Promise(done => setTimeout(done, 50))
    expect(await kernel.client.heartbeat(300)).toBeLessThan(300)
    const info = await kernel.client.request('kernel_info_request', {}, { channel: 'control', timeoutMs: 300 })
    expect(info.content.status).toBe('ok')
    expect((await busy).result).toEqual({ 'text/plain': "'done'" })
  })

  it('carries comms of cells with their buffers', async () => {
    await run(
      'comms.register("echo", (comm, data) => { comm.send({ opened: data }, []); comm.onMessage((data, buffers) => comm.send({ data }, buffers)) })',
    )
    const comm = kernel.client.openComm('echo', { hello: 1 })
    const messages = reader(comm)
    expect((await messages())[0]).toEqual({ opened: { hello: 1 } })
    const { content } = await kernel.client.request('comm_info_request', { target_name: 'echo' })
    expect(Object.values(content.comms as object)).toEqual([{ target_name: 'echo' }])
    const big = new Uint8Array(3_000_001).map((_, i) => i % 251)
    comm.send({ x: 2 }, [big, Uint8Array.of(1)])
    const [data, buffers] = await messages()
    expect(data).toEqual({ data: { x: 2 } })
    expect(buffers.map(buffer => buffer.byteLength)).toEqual([3_000_001, 1])
    expect(Buffer.compare(buffers[0], big)).toBe(0)
    comm.close()
    const unknown = kernel.client.openComm('nobody')
    await new Promise<void>(closed => unknown.onClose(() => closed()))
  })

  it('obeys nobody without its key', async () => {
    const stranger = connectKernel({ ...kernel.connection, key: 'guess' }, { startTimeoutMs: 900 })
    await expect(stranger).rejects.toThrow('expected a kernel that answers')
    const keyless = { ...kernel.connection, key: '' }
    const file = join(folder, 'keyless.json')
    writeFileSync(file, JSON.stringify({ ...keyless, ip: join(folder, 'x') }))
    const refused = spawnSync(process.execPath, [join(ROOT, 'cleanbeam/dist/kernel.js'), file], { timeout: 10_000 })
    expect(refused.status).toBe(1)
    expect(refused.stderr.toString()).toMatch('expected a key in the connection file, got none')
  })

  it('cleans M87 in a cell and shows the picture', async () => {
    const { stdout } = await run(
      [
        `const cl = gclean({ vis: '${M87}', imagename: '${join(folder, 'm87')}', imsize: 128, cell: '0.2marcsec', niter: 60, cycleniter: 30, mask: 'circle[[64pix,64pix],30pix]' })`,
        'for await (const record of cl) console.log(record.niterdone)',
        'const { image: restored } = await cl.restore()',
      ].join('\n'),
    )
    expect(stdout.trim().split('\n').at(-1)).toBe('60')
    const { result } = await run('await image(restored)')
    expect(String(result?.['image/png']).slice(0, 11)).toBe('iVBORw0KGgo')
    await expect(run('cl.sync()')).rejects.toThrow('expected asynchronous steps in a notebook')
    await run('await cl.close()')
  })

  it('restarts and shuts down', async () => {
    await run('const before = 1')
    await kernel.restart()
    await expect(run('before')).rejects.toThrow('before is not defined')
    const { argv } = installedSpec()
    const once = await startKernel({ argv })
    const died = new Promise<string>(done => once.onDeath(done))
    await once.client.shutdown()
    expect(await died).toMatch('ended with exit status 0')
    once.client.dispose()
  })

  const python = jupyterPython()
  it.skipIf(python === null)(
    "passes Jupyter's own test suite",
    () => {
      installedSpec()
      const suite = join(ROOT, 'cleanbeam/testing/jupyter_kernel_suite.py')
      const { status, stderr } = spawnSync(python as string, [suite], {
        cwd: folder,
        env: { ...process.env, CLEANBEAM_KERNEL: 'cleanbeam', JUPYTER_PATH: join(folder, 'share/jupyter') },
        timeout: 100_000,
      })
      const report = stderr.toString()
      expect(report).toMatch(/Ran 12 tests/)
      expect([status, report.slice(-3000)]).toEqual([0, expect.stringMatching(/OK \(skipped=1\)\s*$/)])
    },
    120_000,
  )
})

/** Messages of a comm one after the other. */
function reader(comm: Comm): () => Promise<[unknown, readonly Uint8Array[]]> {
  const waiting: ((message: [unknown, readonly Uint8Array[]]) => void)[] = []
  const arrived: [unknown, readonly Uint8Array[]][] = []
  comm.onMessage((data, buffers) => {
    const next = waiting.shift()
    if (next === undefined) arrived.push([data, buffers])
    else next([data, buffers])
  })
  return () => {
    const first = arrived.shift()
    return first === undefined ? new Promise(done => waiting.push(done)) : Promise.resolve(first)
  }
}
