import { parseFluxJy } from '@cleanbeam/measures'
import { quantile } from '@cleanbeam/viewer/drawing'
import { convergenceSeries } from '../plots/convergence-series.ts'
import { type AppState, planeKey } from '../state/app-state.ts'
import { shownPlane } from '../state/selectors.ts'
import { type Forecast, forecast } from '../words/forecast.ts'
import { useAppState } from './app-context.tsx'

/** What remains to be done, from the last cycles and the noise; nothing while that cannot be told. */
export function ForecastPanel() {
  const way = useAppState(state => forecastOf(state)?.way ?? '')
  const noise = useAppState(state => forecastOf(state)?.noise ?? '')
  if (way === '' && noise === '') return null
  return (
    <section className="panel" aria-label="Forecast">
      <div className="panel-head">
        <h2>Forecast</h2>
      </div>
      <p className="forecast">
        {way} {noise}
      </p>
    </section>
  )
}

function forecastOf(state: AppState): Forecast | null {
  const { channel, stokes } = shownPlane(state)
  const series = convergenceSeries(state.session?.record ?? null, channel, stokes)
  const residual = state.planes[planeKey(0, '.residual', channel, stokes)]
  // Half the width of the central 68 %: the noise, hardly touched by what is left of the sources.
  const noiseJy = residual ? (quantile(residual.sorted, 0.8413) - quantile(residual.sorted, 0.1587)) / 2 : 0
  const value = (name: string) => state.session?.updatable.find(info => info.name === name)?.value ?? 0
  return forecast(series, { thresholdJy: fluxJy(value('threshold')), nsigma: Number(value('nsigma')), noiseJy })
}

function fluxJy(value: string | number | boolean): number {
  return typeof value === 'boolean' ? 0 : parseFluxJy(value, 'threshold')
}
