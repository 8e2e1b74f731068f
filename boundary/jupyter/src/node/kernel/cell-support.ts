/** Name of the global that transpiled cells call for what a script cannot do by itself. */
export const CELL_SUPPORT = '__cleanbeamCell'
