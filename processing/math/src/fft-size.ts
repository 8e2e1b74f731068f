/**
 * The smallest size ≥ `minimum` whose only prime factors are 2, 3 and 5 and which is a multiple of `multipleOf`.
 * @param multipleOf - itself 2·3·5-smooth; 2 by default, for grids that need a centre
 */
export function goodFftSize(minimum: number, multipleOf = 2): number {
  let n = Math.max(1, Math.ceil(minimum / multipleOf)) * multipleOf
  while (!isSmooth(n)) n += multipleOf
  return n
}

function isSmooth(n: number): boolean {
  let rest = n
  for (const p of [2, 3, 5]) while (rest % p === 0) rest /= p
  return rest === 1
}
