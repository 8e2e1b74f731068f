import {
  type CallSettings,
  type ConnectionState,
  encodeRuns,
  type MaskEdit,
  type MethodName,
  type MethodParams,
  type MethodResult,
  type PhaseName,
  type ProductInfo,
  type SessionClient,
  type SessionSnapshot,
  type Topic,
  type TopicValue,
} from '@cleanbeam/protocol'
import type { GcleanRecord, PlaneConvergence, StatisticsRecord } from '@cleanbeam/types'
import { rasteriseRegion } from '@cleanbeam/viewer/drawing'
import { FAKE_PARAMETERS } from './fake-parameters.ts'
import {
  cleanFakeSky,
  createFakeSky,
  FAKE_BEAM,
  FAKE_COORDINATES,
  FAKE_SIZE,
  maskedPeakJy,
  restoreFakeSky,
} from './fake-sky.ts'
import { planeStatistics } from './fake-statistics.ts'

const SIDE_LOBE = 0.2
const N_PIXEL = FAKE_SIZE * FAKE_SIZE

type Handlers = { [T in Topic]?: Set<(value: TopicValue<T>) => void> }

/** A session in memory with the page's client interface: a small sky that is really cleaned. For tests and trials. */
export class FakeSession implements SessionClient {
  connection: ConnectionState = { name: 'open' }
  /** Every call made, for assertions. */
  readonly calls: { method: MethodName; params: unknown }[] = []
  /** Milliseconds a cycle takes. */
  cycleMs = 60
  private readonly handlers: Handlers = {}
  private readonly connectionHandlers = new Set<(state: ConnectionState) => void>()
  private readonly resetHandlers = new Set<() => void>()
  private readonly sky = createFakeSky()
  private readonly image = new Float32Array(N_PIXEL)
  private mask = new Uint8Array(N_PIXEL)
  private readonly undone: Uint8Array<ArrayBuffer>[] = []
  private readonly done: Uint8Array<ArrayBuffer>[] = []
  private readonly history: PlaneConvergence
  private snapshot: SessionSnapshot
  private stopAsked = false
  private cycles = 0

  constructor() {
    const peak = maskedPeakJy(this.sky, this.mask.slice().fill(1))
    this.history = {
      modelFlux: [0],
      iterations: [0],
      peakRes: [peak],
      stopCode: [0],
      cycleThresh: [0],
      nsigmaThresh: [0],
    }
    this.snapshot = initialSnapshot()
    this.snapshot = { ...this.snapshot, record: this.record(0, 'running') }
    this.log('command', "tclean(vis='m87.uvfits', imagename='m87', imsize=256, cell='0.2marcsec', niter=0)")
  }

  get state(): SessionSnapshot {
    return this.snapshot
  }

  /** The mask as the session has it. */
  get maskPixels(): Uint8Array {
    return this.mask
  }

  /** The pixels of a product. */
  pixels(suffix: string): Float32Array {
    return this.plane(suffix)
  }

  onConnection(handler: (state: ConnectionState) => void): () => void {
    this.connectionHandlers.add(handler)
    return () => this.connectionHandlers.delete(handler)
  }

  /** Pretends that the connection has changed. */
  setConnection(state: ConnectionState): void {
    this.connection = state
    for (const handler of this.connectionHandlers) handler(state)
  }

  on<T extends Topic>(topic: T, handler: (value: TopicValue<T>) => void): () => void {
    const handlers = (this.handlers[topic] ??= new Set() as Handlers[T])!
    handlers.add(handler)
    return () => handlers.delete(handler)
  }

  onReset(handler: () => void): () => void {
    this.resetHandlers.add(handler)
    return () => this.resetHandlers.delete(handler)
  }

  reconnect(): void {
    this.setConnection({ name: 'open' })
  }

  close(): void {
    this.setConnection({ name: 'closed', reason: 'closed' })
  }

  async call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    settings?: CallSettings,
  ): Promise<MethodResult<M>> {
    this.calls.push({ method, params })
    settings?.signal?.throwIfAborted()
    const answer = this.answers[method]
    if (!answer) throw new Error(`the fake session does not know ${method}`)
    return (await answer(params as never)) as MethodResult<M>
  }

  private readonly answers: { [M in MethodName]?: (params: MethodParams<M>) => unknown } = {
    'session.snapshot': () => this.snapshot,
    'gclean.next': ({ cycles = 1 }) => this.clean(cycles, 'stepping'),
    'gclean.run': () => this.clean(Number.POSITIVE_INFINITY, 'running'),
    'gclean.stop': () => this.askStop(),
    'gclean.abort': () => this.askStop(),
    'gclean.update': ({ parameters }) => this.update(parameters),
    'gclean.restore': () => this.restore(),
    'session.finish': async () => {
      await this.restore()
      this.setPhase('finished', 'finished: m87.image is written')
      return { images: { image: 'm87.image' }, returndict: null }
    },
    'mask.edit': edit => this.editMask(edit),
    'mask.undo': () => this.swapMask(this.done, this.undone, 'undo'),
    'mask.redo': () => this.swapMask(this.undone, this.done, 'redo'),
    'mask.get': () => ({
      generation: this.snapshot.masks[0].generation,
      shape: [FAKE_SIZE, FAKE_SIZE],
      runs: encodeRuns(this.mask),
    }),
    'tile.get': ({ suffix, tx, ty }) => this.tile(suffix, tx, ty),
    'plane.statistics': ({ suffix, within = 'plane' }) => this.statistics(suffix, within),
  }

  private emit<T extends Topic>(topic: T, value: TopicValue<T>): void {
    for (const handler of this.handlers[topic] ?? []) (handler as (value: TopicValue<T>) => void)(value)
  }

  private log(level: 'info' | 'command', text: string): void {
    const line = { index: this.snapshot.log.length, timeMs: Date.now(), level, text }
    this.snapshot = { ...this.snapshot, log: [...this.snapshot.log, line] }
    this.emit('log', line)
  }

  private setPhase(name: PhaseName, message: string, converged = this.snapshot.phase.converged): void {
    const phase = { ...this.snapshot.phase, name, message, converged, sinceMs: Date.now() }
    this.snapshot = { ...this.snapshot, phase }
    this.emit('phase', phase)
  }

  private askStop(): null {
    this.stopAsked = true
    if (this.snapshot.phase.name === 'running') this.setPhase('stopping', 'stopping after this major cycle')
    return null
  }

  private async clean(cycles: number, phase: 'stepping' | 'running') {
    this.stopAsked = false
    this.setPhase(phase, 'major cycle', false)
    let stopCode = 0
    for (let i = 0; i < cycles && stopCode === 0 && !this.stopAsked; i++) {
      await new Promise(resolve => setTimeout(resolve, this.cycleMs))
      stopCode = this.cycle()
    }
    this.setPhase('idle', '', stopCode !== 0)
    return { record: this.snapshot.record, done: stopCode !== 0 }
  }

  private cycle(): number {
    const stop = this.mask.includes(1) ? this.minorCycle() : 7
    const words = ['running', 'iteration limit', 'threshold', '', '', '', '', 'zero mask'][stop]
    const record = this.record(stop, words)
    this.snapshot = { ...this.snapshot, record }
    this.emit('record', record)
    for (const suffix of ['.residual', '.model']) this.touch(suffix)
    return stop
  }

  private minorCycle(): number {
    const last = this.history.peakRes.length - 1
    const thresholdJy = this.thresholdJy()
    const peak = maskedPeakJy(this.sky, this.mask)
    const cycleThresh = Math.max(thresholdJy, SIDE_LOBE * this.value('cyclefactor') * peak)
    const niter = Math.min(this.value('niter'), this.value('cycleniter'))
    const result = cleanFakeSky(this.sky, this.mask, { niter, gain: this.value('gain'), thresholdJy: cycleThresh })
    this.cycles++
    this.history.iterations.push(this.history.iterations[last] + result.iterations)
    this.history.peakRes.push(result.peak)
    this.history.modelFlux.push(this.sky.model.reduce((sum, v) => sum + v, 0))
    this.history.cycleThresh.push(cycleThresh)
    this.history.stopCode.push(result.peak <= cycleThresh ? 2 : 1)
    this.history.nsigmaThresh.push(0)
    this.setValue('niter', this.value('niter') - result.iterations)
    this.log('command', `deconvolve(imagename='m87', niter=${niter}, threshold='${cycleThresh.toPrecision(3)}Jy')`)
    this.log('command', "tclean(vis='m87.uvfits', imagename='m87', niter=0, calcpsf=False, calcres=True)")
    if (result.peak <= thresholdJy) return 2
    return this.value('niter') <= 0 ? 1 : 0
  }

  private record(stopcode: number, stopDescription: string): GcleanRecord {
    const chan = { '0': { '0': structuredClone(this.history) } }
    const niterdone = this.history.iterations[this.history.iterations.length - 1]
    return {
      stopcode,
      stopDescription,
      nmajordone: this.cycles,
      nmajorleft: -1,
      niterdone,
      niterleft: this.value('niter'),
      chan,
      major: { cyclethreshold: this.history.cycleThresh.slice(1) },
      fields: [{ imagename: 'm87', chan }],
      returndict: { summaryminor: {} } as GcleanRecord['returndict'],
    }
  }

  private update(parameters: Record<string, unknown>): [number, string] {
    for (const [name, value] of Object.entries(parameters)) {
      const info = this.snapshot.updatable.find(u => u.name === name)
      if (!info) return [-1, `expected a parameter of update, got ${name}`]
      this.setValue(name, value as number | string)
    }
    this.log('info', `update(${JSON.stringify(parameters)})`)
    const { parameters: all, updatable } = this.snapshot
    this.emit('parameters', { parameters: all, updatable })
    this.setPhase('idle', '', false)
    return [0, '']
  }

  private async restore(): Promise<Record<string, string>> {
    this.setPhase('restoring', 'restoring the image')
    this.image.set(restoreFakeSky(this.sky))
    this.touch('.image')
    this.setPhase('idle', 'm87.image is written')
    return { image: 'm87.image' }
  }

  private editMask(edit: MaskEdit) {
    this.done.push(this.mask.slice())
    this.undone.length = 0
    const { op, region } = edit
    const drawn = region ? rasteriseRegion(drawnRegion(region), FAKE_SIZE, FAKE_SIZE) : this.mask.slice().fill(1)
    this.mask = this.mask.map((v, i) => {
      if (op === 'clear') return 0
      if (op === 'set') return drawn[i]
      if (!drawn[i]) return v
      return op === 'invert' ? 1 - v : op === 'add' ? 1 : 0
    })
    this.log('info', `mask ${op} ${JSON.stringify(region)}`)
    return this.maskChanged('edit')
  }

  private swapMask(from: Uint8Array<ArrayBuffer>[], to: Uint8Array<ArrayBuffer>[], cause: 'undo' | 'redo') {
    const mask = from.pop()
    if (mask) {
      to.push(this.mask)
      this.mask = mask
    }
    return this.maskChanged(cause)
  }

  private maskChanged(cause: 'edit' | 'undo' | 'redo') {
    const state = {
      field: 0,
      generation: this.snapshot.masks[0].generation + 1,
      nPixel: this.mask.reduce((sum, v) => sum + v, 0),
      canUndo: this.done.length > 0,
      canRedo: this.undone.length > 0,
      nPending: 1,
    }
    this.snapshot = { ...this.snapshot, masks: [state] }
    this.emit('mask', { ...state, cause, channels: 'all', stokes: 'all' })
    this.touch('.mask')
    return state
  }

  private tile(suffix: string, tx: number, ty: number) {
    const { tileSize } = this.snapshot
    const plane = this.plane(suffix)
    const pixels = new Float32Array(tileSize * tileSize)
    for (let row = 0; row < tileSize; row++) {
      const from = tx * tileSize + FAKE_SIZE * (ty * tileSize + row)
      pixels.set(plane.subarray(from, from + tileSize), row * tileSize)
    }
    return { generation: 1, width: tileSize, height: tileSize, pixels }
  }

  private plane(suffix: string): Float32Array {
    switch (suffix) {
      case '.residual':
        return this.sky.residual
      case '.model':
        return this.sky.model
      case '.psf':
        return this.sky.psf
      case '.image':
        return this.image
      case '.mask':
        return Float32Array.from(this.mask)
      default:
        return new Float32Array(N_PIXEL).fill(1)
    }
  }

  private statistics(suffix: string, within: 'plane' | 'mask' | 'unmasked'): StatisticsRecord {
    const wanted = { plane: null, mask: 1, unmasked: 0 }[within]
    return planeStatistics(this.plane(suffix), i => wanted === null || this.mask[i] === wanted)
  }

  private touch(suffix: string): void {
    const before = this.snapshot.products.find(p => p.suffix === suffix)
    const product = before ? { ...before, generation: before.generation + 1 } : fakeProduct(suffix)
    const others = this.snapshot.products.filter(p => p.suffix !== suffix)
    this.snapshot = { ...this.snapshot, products: [...others, product] }
    this.emit('product', product)
  }

  private value(name: string): number {
    return Number(this.snapshot.updatable.find(u => u.name === name)!.value)
  }

  private thresholdJy(): number {
    const text = String(this.snapshot.updatable.find(u => u.name === 'threshold')!.value)
    return Number.parseFloat(text) * (text.endsWith('uJy') ? 1e-6 : text.endsWith('mJy') ? 1e-3 : 1)
  }

  private setValue(name: string, value: number | string): void {
    const updatable = this.snapshot.updatable.map(u => (u.name === name ? { ...u, value } : u))
    this.snapshot = { ...this.snapshot, updatable }
  }
}

function drawnRegion(region: NonNullable<MaskEdit['region']>) {
  const point = ([x, y]: [number, number]) => ({ x, y })
  switch (region.shape) {
    case 'box':
      return { shape: 'box', corners: [point(region.corners[0]), point(region.corners[1])] } as const
    case 'polygon':
      return { shape: 'polygon', points: region.points.map(point) } as const
    case 'ellipse':
      return { ...region, centre: point(region.centre) }
    default:
      throw new Error(`the fake session does not know regions of shape ${region.shape}`)
  }
}

function fakeProduct(suffix: string): ProductInfo {
  const unit = suffix === '.model' ? 'Jy/pixel' : ['.mask', '.pb'].includes(suffix) ? '' : 'Jy/beam'
  return {
    field: 0,
    suffix,
    path: `m87${suffix}`,
    generation: 1,
    shape: [FAKE_SIZE, FAKE_SIZE, 1, 1],
    unit,
    coordinates: FAKE_COORDINATES,
    beams: suffix === '.mask' || suffix === '.model' || suffix === '.pb' ? [] : [FAKE_BEAM],
  }
}

function initialSnapshot(): SessionSnapshot {
  return {
    protocol: 1,
    sessionId: 'fake',
    engine: { name: 'native', version: '0.1.0' },
    fields: [{ imagename: 'm87' }],
    tileSize: 128,
    phase: { name: 'idle', sinceMs: Date.now(), message: '', converged: false, restored: false, error: null },
    progress: null,
    parameters: { vis: 'm87.uvfits', imagename: 'm87', deconvolver: 'hogbom', specmode: 'mfs' },
    updatable: [...FAKE_PARAMETERS],
    record: null,
    products: ['.residual', '.psf', '.model', '.mask', '.pb'].map(fakeProduct),
    masks: [{ field: 0, generation: 1, nPixel: 0, canUndo: false, canRedo: false, nPending: 0 }],
    log: [],
  }
}
