/**
 * SIMD over either element type: T = f32 is four lanes, T = f64 two. One "group" is 32 bytes, the real parts of as many
 * numbers as there are lanes followed by their imaginary parts.
 */

@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>()
}

/** a·b + c; fused where the relaxed build runs on hardware that has it. */
@inline
export function mulAdd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c)
  return v128.add<T>(v128.mul<T>(a, b), c)
}

/** c − a·b. */
@inline
export function mulSub<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(a, b, c)
  return v128.sub<T>(c, v128.mul<T>(a, b))
}

@inline
export function splat<T>(value: f64): v128 {
  return v128.splat<T>(<T>value)
}

/** Real parts of a group of interleaved complex numbers held by two vectors. */
@inline
export function realParts<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 4) return v128.shuffle<f32>(a, b, 0, 2, 4, 6)
  return v128.shuffle<f64>(a, b, 0, 2)
}

@inline
export function imaginaryParts<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 4) return v128.shuffle<f32>(a, b, 1, 3, 5, 7)
  return v128.shuffle<f64>(a, b, 1, 3)
}

/** First vector of the interleaved form of (re, im). */
@inline
export function interleaveLow<T>(re: v128, im: v128): v128 {
  if (sizeof<T>() == 4) return v128.shuffle<f32>(re, im, 0, 4, 1, 5)
  return v128.shuffle<f64>(re, im, 0, 2)
}

@inline
export function interleaveHigh<T>(re: v128, im: v128): v128 {
  if (sizeof<T>() == 4) return v128.shuffle<f32>(re, im, 2, 6, 3, 7)
  return v128.shuffle<f64>(re, im, 1, 3)
}

/**
 * Loads 32 / (2·sizeof T) consecutive complex numbers of each of the rows a, b (, c, d) and stores them as groups whose
 * lanes run over the rows: the transpose at the heart of a transform along contiguous memory.
 */
@inline
export function gatherRows<T>(a: usize, b: usize, c: usize, d: usize, to: usize): void {
  if (sizeof<T>() == 4) {
    const va = v128.load(a), vb = v128.load(b), vc = v128.load(c), vd = v128.load(d)
    const ab0 = v128.shuffle<f32>(va, vb, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(va, vb, 2, 6, 3, 7)
    const cd0 = v128.shuffle<f32>(vc, vd, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(vc, vd, 2, 6, 3, 7)
    v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5))
    v128.store(to, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 16)
    v128.store(to, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 32)
    v128.store(to, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 48)
  } else {
    const va = v128.load(a), vb = v128.load(b)
    v128.store(to, v128.shuffle<f64>(va, vb, 0, 2))
    v128.store(to, v128.shuffle<f64>(va, vb, 1, 3), 16)
  }
}

/** The inverse of {@link gatherRows}. */
@inline
export function scatterRows<T>(from: usize, a: usize, b: usize, c: usize, d: usize): void {
  if (sizeof<T>() == 4) {
    const p = v128.load(from), q = v128.load(from, 16), r = v128.load(from, 32), s = v128.load(from, 48)
    const pq0 = v128.shuffle<f32>(p, q, 0, 4, 1, 5), pq1 = v128.shuffle<f32>(p, q, 2, 6, 3, 7)
    const rs0 = v128.shuffle<f32>(r, s, 0, 4, 1, 5), rs1 = v128.shuffle<f32>(r, s, 2, 6, 3, 7)
    v128.store(a, v128.shuffle<f32>(pq0, rs0, 0, 1, 4, 5))
    v128.store(b, v128.shuffle<f32>(pq0, rs0, 2, 3, 6, 7))
    v128.store(c, v128.shuffle<f32>(pq1, rs1, 0, 1, 4, 5))
    v128.store(d, v128.shuffle<f32>(pq1, rs1, 2, 3, 6, 7))
  } else {
    const p = v128.load(from), q = v128.load(from, 16)
    v128.store(a, v128.shuffle<f64>(p, q, 0, 2))
    v128.store(b, v128.shuffle<f64>(p, q, 1, 3))
  }
}

/** How many complex numbers of a row {@link gatherRows} moves at once: 2 (f32) or 1 (f64). */
@inline
export function rowStep<T>(): i32 {
  return 8 / sizeof<T>()
}
