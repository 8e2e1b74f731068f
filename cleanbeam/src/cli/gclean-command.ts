// cleanbeam gclean: drives a session by a list of steps and writes what each of them answered.

import { type Gclean, type GcleanInput, gclean } from '@cleanbeam/gclean'
import { openSessionFolder } from '@cleanbeam/gclean/node'
import { createImage, editMask, type MaskEdit, maskFromRegion } from '@cleanbeam/image'
import { openProductStore, type ProductStore } from '@cleanbeam/image/node'
import { TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import { createNativeEngine, type NativeEngineOptions } from '@cleanbeam/tclean/node'
import type { GcleanRecord, GcleanUpdate, JsonObject } from '@cleanbeam/types'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { abortOnInterrupt } from './interrupt.ts'
import { addLimitOptions, engineLimits, type LimitOptions } from './limit-options.ts'
import { FORMAT_HELP, imageFormat, printJson, requireOutputFolder, writeJson } from './output.ts'
import { createReporter } from './progress-line.ts'
import { addTaskOptions, collectParameters, readJson } from './task-options.ts'

/** One entry of a steps file. */
export type Step =
  | readonly ['next']
  | readonly ['mask', string, { readonly mode?: MaskEdit }?]
  | readonly ['update', GcleanUpdate]
  | readonly ['restore']

/** What a step answered, as --return lists it. */
export interface StepAnswer {
  readonly step: Step
  readonly record?: GcleanRecord | null
  readonly returned?: unknown
}

const TABLE = TCLEAN_PARAMETERS.filter(row => row.name !== 'interactive' && row.name !== 'fullsummary')

export function defineGcleanCommand(command: Command): void {
  addLimitOptions(addTaskOptions(command, TABLE))
    .requiredOption(
      '--steps <file>',
      'JSON list of steps: ["next"], ["mask", region, {"mode": "add"}], ["update", {…}], ["restore"]',
    )
    .option('--return <file>', 'writes {"steps": […], "cmds": […]} as JSON')
    .option('--format <fits|casa|both>', FORMAT_HELP)
    .option('--json', 'prints the same on stdout')
    .action(async (options: GcleanCommandOptions) => {
      const parameters = await collectParameters(options, TABLE)
      const format = imageFormat(options.format, parameters.imagename)
      const steps = checkSteps(await readJson(options.steps), options.steps)
      if (options.return) await requireOutputFolder('--return', options.return)
      const result = await runSteps(parameters, steps, { format, ...engineLimits(options) })
      if (options.return) await writeJson(options.return, result)
      if (options.json) printJson(result)
    })
}

interface GcleanCommandOptions extends LimitOptions {
  readonly [name: string]: unknown
  readonly steps: string
  readonly format?: string
  readonly return?: string
  readonly json?: boolean
}

/** @throws CommandError naming the first entry that is no step */
export function checkSteps(value: unknown, path: string): Step[] {
  if (!Array.isArray(value))
    throw new CommandError(`expected a JSON list of steps, got something else (${path})`, { path })
  return value.map((entry, index) => {
    if (isStep(entry)) return entry
    throw new CommandError(
      `expected ["next"], ["mask", region, {"mode": "set|add|erase"}], ["update", {…}] or ["restore"], got ${JSON.stringify(entry)} (${path}, step ${index + 1})`,
      { path, step: index + 1 },
    )
  })
}

function isStep(entry: unknown): entry is Step {
  if (!Array.isArray(entry)) return false
  const [kind, first, second] = entry
  if (kind === 'next' || kind === 'restore') return entry.length === 1
  if (kind === 'update') return entry.length === 2 && typeof first === 'object' && first !== null
  const mode = (second as { mode?: unknown } | undefined)?.mode ?? 'set'
  return kind === 'mask' && typeof first === 'string' && ['set', 'add', 'erase'].includes(mode as string)
}

async function runSteps(
  parameters: JsonObject,
  steps: readonly Step[],
  settings: NativeEngineOptions,
): Promise<{ steps: StepAnswer[]; cmds: string[] }> {
  const input = parameters as unknown as GcleanInput
  const engine = createNativeEngine(settings)
  const interrupt = abortOnInterrupt()
  const reporter = createReporter(process.stderr)
  const call = { signal: interrupt.signal, ...reporter }
  // Complete parameters are checked here, so the image name is known to be there below.
  const session = gclean(engine, input, { ...call, session: openSessionFolder(String(parameters.imagename)) })
  const store = openProductStore(input.imagename, { format: settings.format })
  try {
    const answers: StepAnswer[] = []
    for (const step of steps) answers.push(await takeStep(session, store, step))
    return { steps: answers, cmds: session.cmds(true) }
  } finally {
    reporter.finish()
    interrupt.release()
    await session.close()
  }
}

async function takeStep(session: Gclean, store: ProductStore, step: Step): Promise<StepAnswer> {
  switch (step[0]) {
    case 'next': {
      const { value } = await session.next()
      return { step, record: value ?? session.record }
    }
    case 'mask':
      return { step, returned: await drawMask(store, step[1], step[2]?.mode ?? 'set') }
    case 'update':
      return { step, returned: session.update(step[1]) }
    case 'restore':
      return { step, returned: await session.restore() }
  }
}

/** Edits the mask product as a user would; answers the number of pixels in it. */
async function drawMask(store: ProductStore, region: string, mode: MaskEdit): Promise<{ masksum: number }> {
  const cube = await store.read('.mask')
  const pixels = cube.pixels.slice()
  editMask(pixels, maskFromRegion(cube.coordinates, cube.shape, region), cube.shape, mode)
  await store.write('.mask', createImage(cube.shape, cube.coordinates, { ...cube, pixels }))
  return { masksum: pixels.reduce((sum, value) => (value > 0 ? sum + 1 : sum), 0) }
}
