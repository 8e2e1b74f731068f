import { posix } from 'node:path'
import { memoryTransportPair } from '@cleanbeam/channel'
import type { GcleanInput } from '@cleanbeam/gclean'
import { gclean } from '@cleanbeam/gclean'
import type { RemoteHost } from '@cleanbeam/jupyter/node'
import type { JsonObject } from '@cleanbeam/types'

/**
 * A session for a host that has CASA but no Node.js: gclean runs here, its engine there. Without our program on the host
 * nothing of the session survives this one, and an aborted step is not taken back.
 * @throws CasaError when CASA cannot be used there
 */
export async function openCasaSessionOnHost(remote: RemoteHost, parameters: JsonObject) {
  const [{ casaPython }, { createCasaEngine, casaProducts, CasaError }, { startRemoteCasaKernel }, session] =
    await Promise.all([
      import('@cleanbeam/jupyter/node'),
      import('@cleanbeam/casa'),
      import('@cleanbeam/casa/node'),
      import('@cleanbeam/session'),
    ])
  const python = casaPython(remote.facts)
  if (python === null) throw new CasaError(`expected CASA on ${remote.ssh.host}, got none`)
  const engine = await createCasaEngine(() => startRemoteCasaKernel(remote.ssh, python.path))
  const calls = await engine.calls()
  const absolute = (path: unknown) => calls.call<string>('absolute', { path: String(path) })
  const imagename = await absolute(parameters.imagename)
  const input = { ...parameters, imagename } as unknown as GcleanInput
  const folder = posix.dirname(imagename)
  const confined = (path: string): string => {
    const full = posix.resolve(folder, path)
    if (full.startsWith(`${folder}/`)) return full
    throw new CasaError(`expected a path within the folder of the session, got ${path}`, { path })
  }
  const unavailable = () => {
    throw new CasaError(
      `expected Cleanbeam on ${remote.ssh.host} for masks in files and previews, got CASA alone: Node.js is missing there`,
    )
  }
  const host = new session.SessionHost({
    driver: session.localDriver(gclean(engine, input)),
    engine,
    fields: [{ imagename, products: casaProducts(() => engine.calls(), imagename), journal: forgetful() }],
    images: {
      async open({ suffix, path }) {
        const file = path === undefined ? (await engine.products(imagename))[suffix ?? ''] : confined(path)
        if (file === undefined) throw new CasaError(`expected a product of ${imagename}, got ${suffix}`)
        return engine.image(file)
      },
      target: confined,
    },
    maskFiles: { load: unavailable, save: unavailable, preview: unavailable },
  })
  await host.start(true)
  return {
    finished: host.finished,
    connect() {
      const [here, there] = memoryTransportPair()
      host.accept(there)
      return here
    },
    close: () => host.close('the session was closed'),
  }
}

/** Edits of the mask are lost with this process. */
function forgetful() {
  return { load: async () => [], append: async () => {}, clear: async () => {} }
}
