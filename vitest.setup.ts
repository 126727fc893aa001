import fc from 'fast-check'

// One seed for the whole run, printed at its start, so that a failure can be had again.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_121) })
