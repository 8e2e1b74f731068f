/** Cartesian components. */
export type Vector3 = readonly [number, number, number]
/** Row-major. */
export type Matrix3 = readonly [Vector3, Vector3, Vector3]

/** Unit vector of a longitude and latitude, radians. */
export function toVector(longitudeRad: number, latitudeRad: number): Vector3 {
  const cosLatitude = Math.cos(latitudeRad)
  return [cosLatitude * Math.cos(longitudeRad), cosLatitude * Math.sin(longitudeRad), Math.sin(latitudeRad)]
}

/** Longitude in (−π, π] and latitude of a vector of any length, radians. */
export function toAngles(v: Vector3): [longitudeRad: number, latitudeRad: number] {
  return [Math.atan2(v[1], v[0]), Math.atan2(v[2], Math.hypot(v[0], v[1]))]
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/** a + factor·b. */
export function addScaled(a: Vector3, b: Vector3, factor: number): Vector3 {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]]
}

export function normalise(v: Vector3): Vector3 {
  const length = Math.hypot(v[0], v[1], v[2])
  return [v[0] / length, v[1] / length, v[2] / length]
}

/** The matrix times the column vector. */
export function apply(m: Matrix3, v: Vector3): Vector3 {
  return [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
}

/** The transposed matrix times the column vector: the inverse of a rotation. */
export function applyTransposed(m: Matrix3, v: Vector3): Vector3 {
  return [
    m[0][0] * v[0] + m[1][0] * v[1] + m[2][0] * v[2],
    m[0][1] * v[0] + m[1][1] * v[1] + m[2][1] * v[2],
    m[0][2] * v[0] + m[1][2] * v[1] + m[2][2] * v[2],
  ]
}

export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const row = (r: Vector3): Vector3 => applyTransposed(b, r)
  return [row(a[0]), row(a[1]), row(a[2])]
}

/** Rotation of the axes about x by an angle (components of a fixed vector in the turned axes). */
export function rotationX(rad: number): Matrix3 {
  const c = Math.cos(rad)
  const s = Math.sin(rad)
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ]
}

/** Rotation of the axes about y. */
export function rotationY(rad: number): Matrix3 {
  const c = Math.cos(rad)
  const s = Math.sin(rad)
  return [
    [c, 0, -s],
    [0, 1, 0],
    [s, 0, c],
  ]
}

/** Rotation of the axes about z. */
export function rotationZ(rad: number): Matrix3 {
  const c = Math.cos(rad)
  const s = Math.sin(rad)
  return [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ]
}
