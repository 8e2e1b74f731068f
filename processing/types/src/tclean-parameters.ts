/** A quantity as CASA accepts it: a number in the parameter's default unit, or text such as '2mJy', '0.1marcsec'. */
export type QuantityLike = number | string

/**
 * Parameters of `tclean`, with CASA's names and meaning. Everything but `vis` and `imagename` has CASA's default.
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html
 */
export interface TcleanParameters {
  vis: string | string[]
  imagename: string
  selectdata: boolean
  field: string
  spw: string
  timerange: string
  uvrange: string
  antenna: string
  scan: string
  observation: string
  intent: string
  datacolumn: string
  imsize: number | number[]
  cell: QuantityLike | QuantityLike[]
  phasecenter: string | number
  stokes: string
  projection: string
  startmodel: string | string[]
  specmode: string
  reffreq: string
  nchan: number
  start: string | number
  width: string | number
  outframe: string
  veltype: string
  restfreq: string | string[]
  interpolation: string
  perchanweightdensity: boolean
  gridder: string
  facets: number
  psfphasecenter: string
  wprojplanes: number
  vptable: string
  mosweight: boolean
  aterm: boolean
  psterm: boolean
  wbawp: boolean
  conjbeams: boolean
  cfcache: string
  usepointing: boolean
  computepastep: number
  rotatepastep: number
  pointingoffsetsigdev: number[]
  pblimit: number
  normtype: string
  deconvolver: string
  scales: number[]
  nterms: number
  smallscalebias: number
  fusedthreshold: number
  largestscale: number
  restoration: boolean
  restoringbeam: string | string[]
  pbcor: boolean
  outlierfile: string
  weighting: string
  robust: number
  noise: string
  npixels: number
  uvtaper: string | string[]
  niter: number
  gain: number
  threshold: QuantityLike
  nsigma: number
  cycleniter: number
  cyclefactor: number
  minpsffraction: number
  maxpsffraction: number
  interactive: boolean | number
  nmajor: number
  fullsummary: boolean
  usemask: string
  mask: string | string[] | boolean
  pbmask: number
  sidelobethreshold: number
  noisethreshold: number
  lownoisethreshold: number
  negativethreshold: number
  smoothfactor: number
  minbeamfrac: number
  cutthreshold: number
  growiterations: number
  dogrowprune: boolean
  minpercentchange: number
  verbose: boolean
  fastnoise: boolean
  restart: boolean
  savemodel: string
  calcres: boolean
  calcpsf: boolean
  psfcutoff: number
  parallel: boolean
}

/** What a caller gives: `vis` and `imagename`, and any others. */
export type TcleanInput = Partial<TcleanParameters> & Pick<TcleanParameters, 'vis' | 'imagename'>

/** Parameters of `deconvolve`: tclean's, less those that need visibilities. */
export type DeconvolveParameters = Pick<
  TcleanParameters,
  | 'imagename'
  | 'startmodel'
  | 'deconvolver'
  | 'scales'
  | 'nterms'
  | 'smallscalebias'
  | 'fusedthreshold'
  | 'largestscale'
  | 'restoration'
  | 'restoringbeam'
  | 'niter'
  | 'gain'
  | 'threshold'
  | 'nsigma'
  | 'interactive'
  | 'fullsummary'
  | 'fastnoise'
  | 'usemask'
  | 'mask'
  | 'pbmask'
  | 'sidelobethreshold'
  | 'noisethreshold'
  | 'lownoisethreshold'
  | 'negativethreshold'
  | 'smoothfactor'
  | 'minbeamfrac'
  | 'cutthreshold'
  | 'growiterations'
  | 'dogrowprune'
  | 'minpercentchange'
  | 'verbose'
  | 'restart'
> & {
  /** Only for the loop that drives a single minor-cycle set; CASA's tclean takes them too. */
  cycleniter: number
  cyclefactor: number
  minpsffraction: number
  maxpsffraction: number
  psfcutoff: number
  pblimit: number
}

export type DeconvolveInput = Partial<DeconvolveParameters> & Pick<DeconvolveParameters, 'imagename'>

/** Parameters of `usemask='auto-multithresh'` alone. */
export const AUTOMASK_PARAMETERS = [
  'sidelobethreshold',
  'noisethreshold',
  'lownoisethreshold',
  'negativethreshold',
  'smoothfactor',
  'minbeamfrac',
  'cutthreshold',
  'growiterations',
  'dogrowprune',
  'minpercentchange',
] as const

/** Parameters that `gclean.update` accepts; niter and nmajor are what remains from now on. */
export const UPDATABLE_PARAMETERS = [
  'niter',
  'cycleniter',
  'nmajor',
  'threshold',
  'cyclefactor',
  'nsigma',
  'gain',
  'cyclethreshold',
  ...AUTOMASK_PARAMETERS,
  'fastnoise',
] as const

export type UpdatableParameter = (typeof UPDATABLE_PARAMETERS)[number]
export type GcleanUpdate = Partial<Pick<TcleanParameters, Exclude<UpdatableParameter, 'cyclethreshold'>>> & {
  cyclethreshold?: QuantityLike
}
