/**
 * Sum with an error that does not grow with the number of terms.
 * @see A. Neumaier, ZAMM 54 (1974) 39
 */
export function compensatedSum(values: ArrayLike<number>): number {
  let sum = 0
  let lost = 0
  for (let j = 0; j < values.length; j++) {
    const value = values[j]
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}
