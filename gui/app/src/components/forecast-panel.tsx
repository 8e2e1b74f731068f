import { parseFluxJy } from '@cleanbeam/measures'
import { convergenceSeries } from '../plots/convergence-series.ts'
import { type AppState, planeKey } from '../state/app-state.ts'
import { noiseOf, shownField, shownPlane } from '../state/selectors.ts'
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
  const series = convergenceSeries(state.session?.record ?? null, channel, stokes, shownField(state))
  const residual = state.planes[planeKey(shownField(state), '.residual', channel, stokes)]
  const noiseJy = residual ? noiseOf(residual) : 0
  const value = (name: string) => state.session?.updatable.find(info => info.name === name)?.value ?? 0
  return forecast(series, { thresholdJy: fluxJy(value('threshold')), nsigma: Number(value('nsigma')), noiseJy })
}

function fluxJy(value: string | number | boolean): number {
  return typeof value === 'boolean' ? 0 : parseFluxJy(value, 'threshold')
}
