import { shownField, shownProduct } from '../state/selectors.ts'
import { useAppState, useChangeSettings } from './app-context.tsx'

const USUAL = ['.residual', '.image', '.model', '.psf', '.pb', '.mask']

/** The products, the usual ones first; one that does not exist yet cannot be chosen. */
export function ProductTabs() {
  const products = useAppState(state => state.session?.products)
  const shown = useAppState(state => shownProduct(state)?.suffix)
  const change = useChangeSettings()
  const field = useAppState(shownField)
  const existing = (products ?? []).filter(p => p.field === field).map(p => p.suffix)
  const others = existing.filter(suffix => !USUAL.includes(suffix) && !/weight|sumwt|gridwt/.test(suffix))
  // With Taylor terms '.image.tt0' stands for '.image', which then never exists.
  const usual = USUAL.filter(suffix => existing.includes(suffix) || !others.includes(`${suffix}.tt0`))
  return (
    <div className="tabs" role="tablist" aria-label="Product">
      {[...usual, ...others].map(suffix => {
        const exists = existing.includes(suffix)
        return (
          <button
            key={suffix}
            type="button"
            role="tab"
            className="tab"
            aria-selected={suffix === shown}
            disabled={!exists}
            title={exists ? undefined : missingText(suffix)}
            onClick={() => change({ suffix })}
          >
            {suffix.slice(1)}
          </button>
        )
      })}
    </div>
  )
}

function missingText(suffix: string): string {
  if (suffix === '.image') return 'Made by Restore or Finish'
  if (suffix === '.model') return 'Made by the first step of cleaning'
  return suffix === '.mask' ? 'Draw a mask first' : 'Not made yet'
}
