import type { Colouring } from '../drawing/colouring.ts'
import type { PlaneTile } from '../drawing/plane.ts'
import { SCALING_NAMES } from '../drawing/scaling.ts'
import { tilesToDraw } from '../drawing/tile-plan.ts'
import { fitCanvas, type ImageRenderer, type RenderScene } from '../view/image-renderer.ts'
import { createFetchTexture, linkProgram, uploadFloats } from './gl-program.ts'
import { FRAGMENT_SHADER, VERTEX_SHADER } from './image-shader.ts'

const UNIFORMS = [
  'tileRect',
  'toClip',
  'tileSize',
  'values',
  'colours',
  'cumulative',
  'bilinear',
  'clip',
  'scaling',
  'shape',
  'biasContrast',
  'nanColour',
] as const

type Uniforms = Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>

/**
 * A renderer on WebGL2: tiles stay on the GPU as 32-bit floats, a change of colours or clip only changes uniforms.
 * @returns null where the browser has no WebGL2
 * @throws ViewerError when the shaders do not link
 */
export function createWebglRenderer(canvas: HTMLCanvasElement): ImageRenderer | null {
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false })
  return gl ? new WebglRenderer(canvas, gl) : null
}

const [VALUES_UNIT, COLOURS_UNIT, CUMULATIVE_UNIT] = [0, 1, 2]
const IDENTITY_FRACTIONS = Float32Array.of(0, 1)

class WebglRenderer implements ImageRenderer {
  readonly kind = 'webgl2'
  private readonly canvas: HTMLCanvasElement
  private readonly gl: WebGL2RenderingContext
  private readonly onRestored = () => this.rebuild()
  private uniforms!: Uniforms
  private colours!: WebGLTexture
  private cumulative!: WebGLTexture
  private textures = new Map<PlaneTile, WebGLTexture>()
  private shownTable: Uint8Array | null = null
  private shownFractions: Float32Array | null = null
  private lastScene: RenderScene | null = null

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext) {
    this.canvas = canvas
    this.gl = gl
    canvas.addEventListener('webglcontextlost', preventDefault)
    canvas.addEventListener('webglcontextrestored', this.onRestored)
    this.build()
  }

  draw(scene: RenderScene): void {
    const { gl, canvas } = this
    this.lastScene = scene
    if (gl.isContextLost()) return
    fitCanvas(canvas, scene.width, scene.height, scene.pixelRatio)
    gl.viewport(0, 0, canvas.width, canvas.height)
    gl.clearColor(...scene.outside, 1)
    gl.clear(gl.COLOR_BUFFER_BIT)
    this.setColouring(scene.colouring)
    this.setView(scene)
    for (const tile of tilesToDraw(scene.tiles, scene.view, scene.width, scene.height)) this.drawTile(tile, scene)
    this.forgetAllBut(scene.tiles)
  }

  dispose(): void {
    this.canvas.removeEventListener('webglcontextlost', preventDefault)
    this.canvas.removeEventListener('webglcontextrestored', this.onRestored)
    for (const texture of this.textures.values()) this.gl.deleteTexture(texture)
    this.textures.clear()
    this.gl.getExtension('WEBGL_lose_context')?.loseContext()
  }

  private build(): void {
    const { gl } = this
    const program = linkProgram(gl, VERTEX_SHADER, FRAGMENT_SHADER)
    gl.useProgram(program)
    this.uniforms = Object.fromEntries(UNIFORMS.map(name => [name, gl.getUniformLocation(program, name)])) as Uniforms
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer())
    gl.bufferData(gl.ARRAY_BUFFER, Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1), gl.STATIC_DRAW)
    const corner = gl.getAttribLocation(program, 'corner')
    gl.enableVertexAttribArray(corner)
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0)
    this.colours = createFetchTexture(gl)
    this.cumulative = createFetchTexture(gl)
    gl.uniform1i(this.uniforms.values, VALUES_UNIT)
    gl.uniform1i(this.uniforms.colours, COLOURS_UNIT)
    gl.uniform1i(this.uniforms.cumulative, CUMULATIVE_UNIT)
  }

  private rebuild(): void {
    this.textures = new Map()
    this.shownTable = null
    this.shownFractions = null
    this.build()
    if (this.lastScene) this.draw(this.lastScene)
  }

  private setColouring(colouring: Colouring): void {
    const { gl, uniforms } = this
    const { clip, scaling } = colouring
    gl.uniform2f(uniforms.clip, clip.low, 1 / (clip.high - clip.low))
    gl.uniform1i(uniforms.scaling, SCALING_NAMES.indexOf(scaling.name))
    gl.uniform3f(uniforms.shape, scaling.softening, scaling.alpha, scaling.gamma)
    gl.uniform2f(uniforms.biasContrast, colouring.bias, colouring.contrast)
    gl.uniform3f(uniforms.nanColour, ...colouring.nan)
    this.setTable(colouring.table)
    this.setFractions(scaling.cumulative ?? IDENTITY_FRACTIONS)
  }

  private setTable(table: Uint8Array): void {
    const { gl } = this
    gl.activeTexture(gl.TEXTURE0 + COLOURS_UNIT)
    gl.bindTexture(gl.TEXTURE_2D, this.colours)
    if (this.shownTable === table) return
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, table.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table)
    this.shownTable = table
  }

  private setFractions(fractions: Float32Array): void {
    const { gl } = this
    gl.activeTexture(gl.TEXTURE0 + CUMULATIVE_UNIT)
    gl.bindTexture(gl.TEXTURE_2D, this.cumulative)
    if (this.shownFractions === fractions) return
    uploadFloats(gl, fractions, fractions.length, 1)
    this.shownFractions = fractions
  }

  private setView({ view, width, height }: RenderScene): void {
    const [scaleX, scaleY] = [(2 * view.scale) / width, (2 * view.scale) / height]
    this.gl.uniform4f(this.uniforms.toClip, scaleX, scaleY, -view.x * scaleX, -view.y * scaleY)
  }

  private drawTile(tile: PlaneTile, scene: RenderScene): void {
    const { gl, uniforms } = this
    gl.activeTexture(gl.TEXTURE0 + VALUES_UNIT)
    this.bindValues(tile)
    const { originX, originY, width, height, step } = tile
    gl.uniform4f(uniforms.tileRect, originX - 0.5, originY - 0.5, width * step, height * step)
    gl.uniform2f(uniforms.tileSize, width, height)
    const magnified = scene.view.scale * step > 1
    gl.uniform1i(uniforms.bilinear, scene.interpolation === 'bilinear' && magnified && !scene.moving ? 1 : 0)
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4)
  }

  private bindValues(tile: PlaneTile): void {
    const known = this.textures.get(tile)
    if (known) {
      this.gl.bindTexture(this.gl.TEXTURE_2D, known)
      return
    }
    const texture = createFetchTexture(this.gl)
    uploadFloats(this.gl, tile.pixels, tile.width, tile.height)
    this.textures.set(tile, texture)
  }

  /** Keeps as many tiles again as are on screen, so that going back and forth between two planes uploads nothing. */
  private forgetAllBut(tiles: readonly PlaneTile[]): void {
    const shown = new Set(tiles)
    const spare = Math.max(8, tiles.length)
    const others = [...this.textures.keys()].filter(tile => !shown.has(tile))
    for (const tile of others.slice(0, Math.max(0, others.length - spare))) {
      this.gl.deleteTexture(this.textures.get(tile)!)
      this.textures.delete(tile)
    }
  }
}

function preventDefault(event: Event): void {
  event.preventDefault()
}
