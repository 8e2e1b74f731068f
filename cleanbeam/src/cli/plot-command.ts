// cleanbeam plot IMAGE -o x.png: a plane with axes, beam, colour bar, contours and mask.

import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { planeOf } from '@cleanbeam/image'
import { readImage } from '@cleanbeam/image/node'
import type { ImageCube } from '@cleanbeam/types'
import {
  type ClipRule,
  COLORMAP_NAMES,
  type ColormapName,
  isColormapName,
  isScalingName,
  SCALING_NAMES,
  type ScalingName,
} from '@cleanbeam/viewer/drawing'
import type { Command } from 'commander'
import { drawPng, drawSvg } from '../plot/draw-image.ts'
import { CommandError } from './command-error.ts'
import { withExtension } from './image-path.ts'
import { requireOutputFolder } from './output.ts'

interface PlotOptions {
  readonly output: string
  readonly size: string
  readonly colormap: string
  readonly scaling: string
  readonly percent: string
  readonly range?: string
  readonly contours?: string
  readonly mask?: string
  readonly stokes: string
  readonly channel: string
  readonly theme: string
  readonly grid?: boolean
}

export function definePlotCommand(command: Command): void {
  command
    .argument('<image>', 'image file')
    .requiredOption('-o, --output <file>', 'x.png or x.svg')
    .option('--size <width>x<height>', 'size of the picture', '820x720')
    .option('--colormap <name>', COLORMAP_NAMES.join(', '), 'inferno')
    .option('--scaling <name>', SCALING_NAMES.join(', '), 'asinh')
    .option('--percent <number>', 'central percentage of pixels spread over the colours', '99.9')
    .option('--range <low,high>', 'values spread over the colours, instead of --percent')
    .option('--contours <levels>', 'values in the unit of the image, with commas')
    .option('--mask <file>', 'mask image to outline')
    .option('--stokes <number>', 'index of the Stokes plane', '0')
    .option('--channel <number>', 'index of the channel', '0')
    .option('--theme <dark|light>', 'colours around the image', 'light')
    .option('--grid', 'draws a grid of coordinates')
    .action(plot)
}

async function plot(image: string, options: PlotOptions): Promise<void> {
  const format = extname(options.output)
  if (format !== '.png' && format !== '.svg') {
    throw new CommandError(`expected x.png or x.svg for --output, got '${options.output}'`, { output: options.output })
  }
  const drawing = { ...style(options), clip: clipRule(options), levels: numbers('--contours', options.contours) }
  await requireOutputFolder('--output', options.output)
  const cube = await readImage(withExtension(image))
  const planes = { stokes: index(options, 'stokes', cube.shape[2]), channel: index(options, 'channel', cube.shape[3]) }
  const mask = options.mask ? await readMask(withExtension(options.mask), cube, planes) : null
  const picture = { ...drawing, ...planes, mask }
  await writeFile(options.output, format === '.png' ? drawPng(cube, picture) : drawSvg(cube, picture))
  process.stderr.write(`${options.output}\n`)
}

async function readMask(
  path: string,
  cube: ImageCube,
  { stokes, channel }: { readonly stokes: number; readonly channel: number },
): Promise<Float32Array> {
  const mask = await readImage(path)
  if (mask.shape.every((n, axis) => n === cube.shape[axis])) return planeOf(mask, stokes, channel)
  throw new CommandError(
    `expected a mask of shape [${cube.shape.join(', ')}] like the image, got [${mask.shape.join(', ')}] (${path})`,
    { path },
  )
}

function style(options: PlotOptions): {
  readonly width: number
  readonly height: number
  readonly colormap: ColormapName
  readonly scaling: ScalingName
  readonly theme: 'dark' | 'light'
  readonly grid: boolean
} {
  const { colormap, scaling, theme, size, grid = false } = options
  const match = /^(\d+)x(\d+)$/.exec(size)
  if (!match) throw new CommandError(`expected a size such as 820x720, got '${size}' (--size)`, { size })
  if (!isColormapName(colormap)) throw refuseName('--colormap', colormap, COLORMAP_NAMES)
  if (!isScalingName(scaling) || scaling === 'histogram') throw refuseName('--scaling', scaling, SCALING_NAMES)
  if (theme !== 'dark' && theme !== 'light') throw refuseName('--theme', theme, ['dark', 'light'])
  return { width: Number(match[1]), height: Number(match[2]), colormap, scaling, theme, grid }
}

function refuseName(option: string, got: string, names: readonly string[]): CommandError {
  return new CommandError(`expected one of ${names.join(', ')} for ${option}, got '${got}'`, { option, got })
}

function clipRule(options: PlotOptions): ClipRule {
  if (options.range !== undefined) {
    const [low, high] = numbers('--range', options.range)
    if (low < high) return { kind: 'manual', low, high }
    throw new CommandError(`expected --range low,high with low below high, got '${options.range}'`, {})
  }
  const [percent] = numbers('--percent', options.percent)
  if (percent > 0 && percent <= 100) return { kind: 'percentile', percent }
  throw new CommandError(`expected a percentage above 0, at most 100, got '${options.percent}' (--percent)`, {})
}

function numbers(option: string, text: string | undefined): number[] {
  if (text === undefined) return []
  const values = text.split(',').map(item => (item.trim() === '' ? Number.NaN : Number(item)))
  if (values.every(Number.isFinite)) return values
  throw new CommandError(`expected numbers with commas for ${option}, got '${text}'`, { option, text })
}

function index(options: PlotOptions, name: 'stokes' | 'channel', count: number): number {
  const value = Number(options[name])
  if (Number.isInteger(value) && value >= 0 && value < count) return value
  throw new CommandError(`expected --${name} 0 to ${count - 1}, got '${options[name]}'`, { [name]: options[name] })
}
