/** X[k] = Σ x[j]·exp(−2πi jk/n), straight from the definition; for tests. */
export function directFourierTransform(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length
  const outRe = new Float64Array(n)
  const outIm = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n
      outRe[k] += re[j] * Math.cos(angle) - im[j] * Math.sin(angle)
      outIm[k] += re[j] * Math.sin(angle) + im[j] * Math.cos(angle)
    }
  }
  return { re: outRe, im: outIm }
}
