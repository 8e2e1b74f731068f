/**
 * cos and sin of 2πt for t in [−½, ½], through the half angle: sin 2a = 2·sin a·cos a, cos 2a = 1 − 2·sin² a with
 * a = πt. Taylor polynomials of sin and cos on |a| ≤ π/2 (coefficients (−1)^k π^n/n!, derived); truncation below 6e-8
 * in f32 and 1e-18 in f64.
 */
import { mulAdd, splat } from './lanes'

/** sin(πt). */
@inline
export function halfSine<T>(t: v128): v128 {
  const q = v128.mul<T>(t, t)
  let sum: v128
  if (sizeof<T>() == 8) {
    sum = splat<T>(5.392664662608125e-10)
    sum = mulAdd<T>(sum, q, splat<T>(-2.2948428997269856e-8))
    sum = mulAdd<T>(sum, q, splat<T>(7.952054001475513e-7))
    sum = mulAdd<T>(sum, q, splat<T>(-2.1915353447830204e-5))
    sum = mulAdd<T>(sum, q, splat<T>(4.6630280576761234e-4))
    sum = mulAdd<T>(sum, q, splat<T>(-7.370430945714348e-3))
  } else {
    sum = splat<T>(-7.370430945714348e-3)
  }
  sum = mulAdd<T>(sum, q, splat<T>(8.214588661112819e-2))
  sum = mulAdd<T>(sum, q, splat<T>(-0.5992645293207919))
  sum = mulAdd<T>(sum, q, splat<T>(2.550164039877345))
  sum = mulAdd<T>(sum, q, splat<T>(-5.167712780049969))
  sum = mulAdd<T>(sum, q, splat<T>(3.141592653589793))
  return v128.mul<T>(sum, t)
}

/** cos(πt). */
@inline
export function halfCosine<T>(t: v128): v128 {
  const q = v128.mul<T>(t, t)
  let sum: v128
  if (sizeof<T>() == 8) {
    sum = splat<T>(-7.700707130601346e-11)
    sum = mulAdd<T>(sum, q, splat<T>(3.604730797462498e-9))
    sum = mulAdd<T>(sum, q, splat<T>(-1.387895246221376e-7))
    sum = mulAdd<T>(sum, q, splat<T>(4.303069587032944e-6))
    sum = mulAdd<T>(sum, q, splat<T>(-1.0463810492484565e-4))
    sum = mulAdd<T>(sum, q, splat<T>(1.929574309403922e-3))
  } else {
    sum = splat<T>(1.929574309403922e-3)
  }
  sum = mulAdd<T>(sum, q, splat<T>(-2.580689139001405e-2))
  sum = mulAdd<T>(sum, q, splat<T>(0.23533063035889312))
  sum = mulAdd<T>(sum, q, splat<T>(-1.3352627688545893))
  sum = mulAdd<T>(sum, q, splat<T>(4.058712126416768))
  sum = mulAdd<T>(sum, q, splat<T>(-4.934802200544679))
  return mulAdd<T>(sum, q, splat<T>(1))
}

/** sin(2πt) from the two half-angle values. */
@inline
export function fullSine<T>(sine: v128, cosine: v128): v128 {
  const product = v128.mul<T>(sine, cosine)
  return v128.add<T>(product, product)
}

/** cos(2πt) from sin(πt). */
@inline
export function fullCosine<T>(sine: v128): v128 {
  const square = v128.mul<T>(sine, sine)
  return v128.sub<T>(splat<T>(1), v128.add<T>(square, square))
}
