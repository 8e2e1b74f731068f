import fc from 'fast-check'

// Property tests draw the same cases in every run; a property may still ask for a seed of its own.
fc.configureGlobal({ seed: 20061103 })
