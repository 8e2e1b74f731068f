import { formatCount, formatSi } from '@cleanbeam/viewer/drawing'
import { type ChangeEvent, useRef, useState } from 'react'
import type { ChannelReach } from '../state/display-settings.ts'
import { loadedPlane, noiseOf, shownBeam, shownMaskState, shownPlane, shownProduct } from '../state/selectors.ts'
import { type RegionFormat, regionFile } from '../words/region-text.ts'
import { imageTitle } from '../words/session-title.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { CheckField, ChoiceField, NumberField } from './fields.tsx'
import { FoldingPanel } from './folding-panel.tsx'
import { downloadBlob } from './save-picture.tsx'

/** Everything that can be done to the mask besides drawing. */
export function MaskPanel() {
  const mask = useAppState(shownMaskState)
  const pixels = mask?.nPixel ? `${formatCount(mask.nPixel)} pixels` : 'empty'
  return (
    <FoldingPanel name="mask" title="Mask" note={pixels}>
      <ReachFields />
      <LevelFields />
      <BorderFields />
      <PlaneButtons />
      <FileButtons />
    </FoldingPanel>
  )
}

const REACHES = [
  { value: 'channel', label: 'this channel' },
  { value: 'range', label: 'channel range' },
  { value: 'all', label: 'all channels' },
] as const

/** Which planes drawing and everything below reaches. */
function ReachFields() {
  const settings = useAppState(state => state.settings)
  const shape = useAppState(state => shownProduct(state)?.shape)
  const change = useChangeSettings()
  const [, , nStokes, nChannel] = shape ?? [0, 0, 1, 1]
  if (nStokes === 1 && nChannel === 1) return null
  return (
    <div className="field-row">
      {nChannel > 1 && (
        <ChoiceField<ChannelReach>
          label="Edits reach"
          value={settings.maskReach}
          choices={REACHES}
          onChange={maskReach => change({ maskReach })}
        />
      )}
      {nChannel > 1 && settings.maskReach === 'range' && (
        <>
          <NumberField
            label="from"
            value={settings.maskFrom}
            min={0}
            max={nChannel - 1}
            onChange={maskFrom => change({ maskFrom })}
          />
          <NumberField
            label="to"
            value={settings.maskTo}
            min={0}
            max={nChannel - 1}
            onChange={maskTo => change({ maskTo })}
          />
        </>
      )}
      {nStokes > 1 && (
        <CheckField
          label="all Stokes"
          checked={settings.maskAllStokes}
          onChange={maskAllStokes => change({ maskAllStokes })}
        />
      )}
    </div>
  )
}

/** The noise off the mask where it is known, else that of the whole plane. */
function useNoise(): number {
  return useAppState(state => {
    const off = state.statistics?.unmasked?.rms[0]
    if (off !== undefined && Number.isFinite(off)) return off
    const plane = loadedPlane(state)
    return plane ? noiseOf(plane) : Number.NaN
  })
}

function LevelFields() {
  const { commands } = useServices()
  const maskSigma = useAppState(state => state.settings.maskSigma)
  const wandPercent = useAppState(state => state.settings.wandPercent)
  const product = useAppState(shownProduct)
  const noise = useNoise()
  const change = useChangeSettings()
  const value = maskSigma * noise
  const suffix = product?.suffix ?? ''
  return (
    <div className="field-row">
      <NumberField
        label="Above"
        unit="σ"
        value={maskSigma}
        min={0.5}
        max={1000}
        step={0.5}
        onChange={v => change({ maskSigma: v })}
      />
      <button
        type="button"
        className="small-button"
        disabled={!Number.isFinite(value)}
        title={`Adds every pixel of ${suffix.slice(1)} of at least ${formatSi(value, 'Jy')}`}
        onClick={() => commands.editMask('add', { shape: 'level', suffix, value })}
      >
        mask above {maskSigma} σ
      </button>
      <NumberField
        label="Wand"
        unit="%"
        hint="The wand takes what hangs together above this part of the pixel picked"
        value={wandPercent}
        min={1}
        max={99}
        onChange={v => change({ wandPercent: v })}
      />
    </div>
  )
}

function BorderFields() {
  const { commands } = useServices()
  const growPixels = useAppState(state => state.settings.growPixels)
  const beam = useAppState(shownBeam)
  const cell = useAppState(state => Math.abs(shownProduct(state)?.coordinates.direction.incrementRad[1] ?? 1))
  const change = useChangeSettings()
  const beamPixels = beam ? Math.max(1, Math.round(Math.sqrt(beam.majorRad * beam.minorRad) / cell)) : 0
  return (
    <div className="field-row">
      <NumberField
        label="Border"
        unit="pix"
        value={growPixels}
        min={1}
        max={512}
        onChange={v => change({ growPixels: v })}
      />
      {beamPixels > 0 && (
        <button type="button" className="small-button" onClick={() => change({ growPixels: beamPixels })}>
          one beam
        </button>
      )}
      <button type="button" className="small-button" onClick={() => commands.editMask('grow', undefined, growPixels)}>
        grow
      </button>
      <button type="button" className="small-button" onClick={() => commands.editMask('shrink', undefined, growPixels)}>
        shrink
      </button>
    </div>
  )
}

function PlaneButtons() {
  const { commands } = useServices()
  const copied = useAppState(state => state.copiedMask)
  const hold = useAppState(state => state.settings.holdRegions)
  const change = useChangeSettings()
  return (
    <div className="field-row">
      <button
        type="button"
        className="small-button"
        title="Remembers the mask of this plane"
        onClick={() => commands.copyMask()}
      >
        copy
      </button>
      <button
        type="button"
        className="small-button"
        disabled={!copied}
        title={copied ? `The mask of channel ${copied.channel}, joined with what is there` : 'Copy a mask first'}
        onClick={() => commands.pasteMask('add')}
      >
        paste
      </button>
      <button
        type="button"
        className="small-button"
        title="Takes the last region back to change it"
        onClick={() => commands.reopenLast()}
      >
        edit last region
      </button>
      <CheckField
        label="keep handles"
        hint="Regions can be moved, resized and turned before they are applied with Enter (H)"
        checked={hold}
        onChange={holdRegions => change({ holdRegions })}
      />
    </div>
  )
}

function FileButtons() {
  const services = useServices()
  const { commands, store } = services
  const input = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')
  const load = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (file) await commands.editMask(store.getState().settings.mode, { shape: 'crtf', text: await file.text() })
  }
  const save = (format: RegionFormat) => {
    const { mask, session } = store.getState()
    const product = shownProduct(store.getState())
    if (!mask || !product || !session) return
    const text = regionFile(mask.outlines, product.coordinates.direction, format)
    const { channel } = shownPlane(store.getState())
    const plane = product.shape[3] > 1 ? `-channel${channel}` : ''
    downloadBlob(new Blob([text]), `${imageTitle(session)}${plane}.${format === 'crtf' ? 'crtf' : 'reg'}`)
  }
  return (
    <>
      <div className="field-row">
        <button
          type="button"
          className="small-button"
          title="CRTF or DS9 file of this computer"
          onClick={() => input.current?.click()}
        >
          load regions…
        </button>
        <input ref={input} type="file" accept=".crtf,.reg,.rgn,.txt" hidden aria-label="Region file" onChange={load} />
        <button type="button" className="small-button" onClick={() => save('crtf')}>
          save CRTF
        </button>
        <button type="button" className="small-button" onClick={() => save('ds9')}>
          save DS9
        </button>
      </div>
      <div className="field-row">
        <label
          className="field wide"
          title="A region file or mask image beside the products: 'core.crtf', 'old.mask.fits'"
        >
          <span>File</span>
          <input
            className="plain-text"
            value={path}
            placeholder="beside the images"
            spellCheck={false}
            onChange={event => setPath(event.target.value)}
          />
        </label>
        <button
          type="button"
          className="small-button"
          disabled={path === ''}
          onClick={() => commands.editMask(store.getState().settings.mode, { shape: 'file', path })}
        >
          load
        </button>
        <button type="button" className="small-button" disabled={path === ''} onClick={() => commands.saveMask(path)}>
          save image
        </button>
      </div>
    </>
  )
}
