import type { StatisticsRecord } from '@cleanbeam/types'
import { formatCount, formatSi } from '@cleanbeam/viewer/drawing'
import type { PlaneStatistics } from '../state/app-state.ts'
import { shownProduct } from '../state/selectors.ts'
import { useAppState, useChangeSettings } from './app-context.tsx'
import { Menu } from './menu.tsx'

const PARTS = [
  { value: 'plane', label: 'whole image' },
  { value: 'mask', label: 'mask' },
  { value: 'unmasked', label: 'off mask' },
] as const

/** Statistics of the plane on screen: whole, inside or outside the mask; the noise off the mask always beside. */
export function StatisticsPanel() {
  const statistics = useAppState(state => state.statistics)
  const product = useAppState(shownProduct)
  const wanted = useAppState(state => state.settings.statisticsOf)
  const hasMask = useAppState(state => (state.session?.masks[0]?.nPixel ?? 0) > 0)
  const change = useChangeSettings()
  const part = hasMask ? wanted : 'plane'
  const record = statistics?.[part] ?? null
  return (
    <section className="panel" aria-label="Statistics">
      <div className="panel-head">
        <h2>Statistics</h2>
        <span className="faint">{product?.suffix.slice(1)}</span>
        <span className="bar-space" />
        <Menu
          label="Statistics of"
          value={part}
          choices={hasMask ? PARTS : PARTS.slice(0, 1)}
          onChange={statisticsOf => change({ statisticsOf })}
        />
      </div>
      <dl className="statistics">
        {rows(record, statistics, product?.unit ?? '').map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function rows(record: StatisticsRecord | null, all: PlaneStatistics | null, unit: string): [string, string][] {
  const short = unit.replace(/\/(beam|pixel)$/, '')
  const value = (list: number[] | undefined, u = short) =>
    list && list.length > 0 && Number.isFinite(list[0]) ? formatSi(list[0], u) : '–'
  return [
    ['peak', value(record?.max)],
    ['rms', value(record?.rms)],
    ['min', value(record?.min)],
    ['sigma', value(record?.sigma)],
    ['flux', unit === 'Jy/pixel' ? value(record?.sum, 'Jy') : value(record?.flux, 'Jy')],
    ['off-mask rms', value((all?.unmasked ?? all?.plane)?.rms)],
    ['mean', value(record?.mean)],
    ['pixels', record?.npts.length ? formatCount(record.npts[0]) : '–'],
  ]
}
