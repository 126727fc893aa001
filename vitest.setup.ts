import { runs, seed } from '@tributary/protocol/testing'
import fc from 'fast-check'

fc.configureGlobal({ seed, numRuns: runs(100) })
