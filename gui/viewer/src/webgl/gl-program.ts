import { ViewerError } from '../viewer-error.ts'

/**
 * Compiles and links a pair of shaders.
 * @throws ViewerError with the compiler's message
 */
export function linkProgram(gl: WebGL2RenderingContext, vertexSource: string, fragmentSource: string): WebGLProgram {
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertexSource],
    [gl.FRAGMENT_SHADER, fragmentSource],
  ] as const) {
    const shader = gl.createShader(kind)
    if (!shader) throw new ViewerError('expected a WebGL shader object, got none (the context is lost)')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    const reasons = (gl.getAttachedShaders(program) ?? []).map(shader => gl.getShaderInfoLog(shader)).join(' ')
    throw new ViewerError(`expected shaders that link, got ${gl.getProgramInfoLog(program)} ${reasons} (WebGL)`)
  }
  return program
}

/** A texture read by texelFetch only: no filtering, no wrapping, no mipmaps. */
export function createFetchTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
  return texture
}

/** Uploads floats into the bound texture as one 32-bit channel. */
export function uploadFloats(gl: WebGL2RenderingContext, pixels: Float32Array, width: number, height: number): void {
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, width, height, 0, gl.RED, gl.FLOAT, pixels)
}
