// A synthetic VLA-like observation: 27 antennas in a Y of 21 km arms, 450 integrations of a minute around transit of a
// source at declination 30°, 64 channels of 2 MHz from 1.4 GHz: 157,950 rows, 1.01e7 samples.

const LATITUDE = (34.0784 * Math.PI) / 180
const DECLINATION = Math.PI / 6

function antennas() {
  const positions = []
  for (const armDegrees of [-5, 115, 236]) {
    const angle = (armDegrees * Math.PI) / 180
    for (let n = 1; n <= 9; n++) {
      const radius = ((36500 / 2) * 1.15 * n ** 1.716) / 9 ** 1.716
      const [east, north] = [radius * Math.sin(angle), radius * Math.cos(angle)]
      positions.push([-north * Math.sin(LATITUDE), east, north * Math.cos(LATITUDE)])
    }
  }
  return positions
}

/** uvw in metres [row, 3] and channel frequencies in Hz. */
export function vlaTrack({ nIntegration = 450, nChannel = 64 } = {}) {
  const positions = antennas()
  const nBaseline = (27 * 26) / 2
  const uvwMetres = new Float64Array(nIntegration * nBaseline * 3)
  let at = 0
  for (let k = 0; k < nIntegration; k++) {
    const hourAngle = ((-13500 + (27000 * k) / nIntegration) / 86164.09) * 2 * Math.PI
    const [sinH, cosH] = [Math.sin(hourAngle), Math.cos(hourAngle)]
    const [sinD, cosD] = [Math.sin(DECLINATION), Math.cos(DECLINATION)]
    for (let a = 0; a < 27; a++) {
      for (let b = a + 1; b < 27; b++) {
        const [x, y, z] = [0, 1, 2].map(axis => positions[b][axis] - positions[a][axis])
        uvwMetres[at++] = sinH * x + cosH * y
        uvwMetres[at++] = -sinD * cosH * x + sinD * sinH * y + cosD * z
        uvwMetres[at++] = cosD * cosH * x - cosD * sinH * y + sinD * z
      }
    }
  }
  const frequencyHz = Float64Array.from({ length: nChannel }, (_, channel) => 1.4e9 + 2e6 * channel)
  return { uvwMetres, frequencyHz }
}
