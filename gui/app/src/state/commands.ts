import type { MaskEdit, RegionData, SessionClient } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import type { Point, RegionShape } from '@cleanbeam/viewer/drawing'
import { type AppStore, errorText } from './app-state.ts'
import { maskCommands } from './mask-commands.ts'
import { meansSame, parseInput } from './parameter-input.ts'
import { isBusy, pictureIsComplete, productOf, shownField } from './selectors.ts'

/** What the buttons do; `window.cleanbeam` offers the same. All settle when the session has answered. */
export interface Commands {
  step(cycles?: number): Promise<void>
  run(): Promise<void>
  /** Ends after the current major cycle. */
  stop(): Promise<void>
  /** Ends the current cycle now; the last complete state stays. */
  abort(): Promise<void>
  /** Restores the image and ends the session. */
  finish(): Promise<void>
  /** Restores the image; the session goes on. */
  restore(): Promise<void>
  undo(): Promise<void>
  redo(): Promise<void>
  /** @returns gclean's answer: [0, ''] or [-1, why] */
  update(parameters: Record<string, string | number | boolean>): Promise<[number, string]>
  /** Sends what has been typed and differs from what is in force. @returns false when something typed is not valid */
  applyDrafts(): Promise<boolean>
  /** Goes back to the state after an earlier major cycle. */
  rewind(cycle: number): Promise<void>
  /** Disk space the states one can go back to may take. */
  keepUpTo(bytes: number): Promise<void>
  /** Edits the mask of the planes the settings name, this one by default. */
  editMask(op: MaskEdit['op'], region?: RegionData, radiusPixels?: number): Promise<void>
  /** A region has been drawn: applied at once, or kept with handles until it is. */
  drawn(region: RegionShape, mode: 'add' | 'erase'): Promise<void>
  applyPending(): Promise<void>
  /** Takes the last region drawn out of the mask and gives it its handles back. */
  reopenLast(): Promise<void>
  /** Fills what hangs together around a pixel. */
  wandAt(position: Point, mode: 'add' | 'erase'): Promise<void>
  copyMask(): void
  pasteMask(op: 'add' | 'set'): Promise<void>
  saveMask(path: string): Promise<void>
  /** Shows the automatic mask without applying it; null hides it. */
  previewMask(parameters: JsonObject | null): Promise<void>
  /** Adds the mask that is previewed. */
  applyPreview(): Promise<void>
}

/** Commands of a session; failures become a notice on the page instead of a rejection. */
export function createCommands(client: SessionClient, store: AppStore): Commands {
  const attempt = async (what: string, call: () => Promise<unknown>) => {
    store.setState({ notice: null })
    try {
      await call()
    } catch (error) {
      store.setState({ notice: { kind: 'error', text: `${what}: ${errorText(error)}` } })
    }
  }
  const afterDrafts = async (what: string, call: () => Promise<unknown>) => {
    if (isBusy(store.getState().session)) return
    if (await commands.applyDrafts()) await attempt(what, call)
  }
  // One after the other: leaving an input and pressing a button both apply what has been typed.
  let applying: Promise<boolean> = Promise.resolve(true)
  const commands: Commands = {
    step: (cycles = 1) => afterDrafts('The step failed', () => client.call('gclean.next', { cycles })),
    run: () => afterDrafts('The run failed', () => client.call('gclean.run', {})),
    stop: () => attempt('Stopping failed', () => client.call('gclean.stop', {})),
    abort: () => attempt('Stopping failed', () => client.call('gclean.abort', {})),
    finish: () => attempt('Finishing failed', () => finishSession(client, store)),
    restore: () => attempt('The image could not be restored', () => client.call('gclean.restore', {})),
    undo: () => attempt('Undo failed', () => client.call('mask.undo', { field: shownField(store.getState()) })),
    redo: () => attempt('Redo failed', () => client.call('mask.redo', { field: shownField(store.getState()) })),
    update: parameters => client.call('gclean.update', { parameters }).then(([code, why]) => [code, why]),
    applyDrafts: () => (applying = applying.then(() => applyDrafts(client, store))),
    rewind: cycle => attempt('Going back failed', () => client.call('gclean.rewind', { cycle })),
    keepUpTo: limitBytes => attempt('The limit was refused', () => client.call('gclean.keep', { limitBytes })),
    ...maskCommands(client, store, attempt),
  }
  return commands
}

/** How long the end of a session waits for the page to have its last picture. */
const LAST_PICTURE_MS = 5000

/** Restores first and fetches the image, so that the page still shows it when the session is gone. */
async function finishSession(client: SessionClient, store: AppStore): Promise<void> {
  if (!isBusy(store.getState().session) && store.getState().session?.record) {
    if (!store.getState().session?.phase.restored) await client.call('gclean.restore', {})
    store.setState(({ session, settings }) => {
      const image = ['.image', '.image.tt0'].find(suffix => productOf(session, suffix))
      return image ? { settings: { ...settings, suffix: image } } : {}
    })
    await whenPictureIsComplete(store)
  }
  await client.call('session.finish', {})
}

function whenPictureIsComplete(store: AppStore): Promise<void> {
  const isComplete = () => pictureIsComplete(store.getState())
  if (isComplete()) return Promise.resolve()
  return new Promise(resolve => {
    const timer = setTimeout(done, LAST_PICTURE_MS)
    const end = store.subscribe(() => {
      if (isComplete()) done()
    })
    function done() {
      clearTimeout(timer)
      end()
      resolve()
    }
  })
}

async function applyDrafts(client: SessionClient, store: AppStore): Promise<boolean> {
  const { session, drafts } = store.getState()
  let allGood = true
  for (const [name, text] of Object.entries(drafts)) {
    const info = session?.updatable.find(u => u.name === name)
    if (!info) continue
    const parsed = parseInput(info, text)
    if (!parsed.ok) allGood = false
    else if (meansSame(info, parsed.value, info.value)) dropDraft(store, name)
    else if (!(await sendParameter(client, store, name, parsed.value))) allGood = false
  }
  return allGood
}

async function sendParameter(
  client: SessionClient,
  store: AppStore,
  name: string,
  value: string | number | boolean,
): Promise<boolean> {
  const refuse = (why: string) => store.setState(state => ({ refusals: { ...state.refusals, [name]: why } }))
  try {
    const [code, why] = await client.call('gclean.update', { parameters: { [name]: value } })
    if (code === 0) dropDraft(store, name)
    else refuse(why)
    return code === 0
  } catch (error) {
    refuse(errorText(error))
    return false
  }
}

function dropDraft(store: AppStore, name: string): void {
  store.setState(({ drafts }) => {
    const { [name]: _dropped, ...rest } = drafts
    return { drafts: rest }
  })
}
