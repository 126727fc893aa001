/** Brands whose files of activities come from their own API: one that is refused there is not one that is missing. */
import type { Fault, Recording } from '@tributary/emulators/clouds'
import { expect } from 'vitest'
import type { ProviderFault } from '../errors.ts'
import { type Case, faultOf } from './test-cloud-checks.ts'
import { rehttp } from './test-mistakes.ts'

export const refusedFile = (
  feed: string,
  recording: Recording,
  fileOf: (id: string) => string,
  refusals: readonly (readonly [ProviderFault, Omit<Fault, 'kind'>])[],
): Case => ({
  fact: 'a file that is refused is asked for again, and comes',
  recordings: [recording],
  async holds(connection) {
    const [id = ''] = (await connection.pull([feed])).ids
    for (const [fault, refusal] of refusals) {
      connection.cloud.failNext(fileOf(id), { kind: 'status', ...refusal })
      expect((await faultOf(connection.pull([feed])))?.fault).toBe(fault)
    }
    const { files } = await connection.pull([feed])
    expect(files.map(({ externalId }) => externalId)).toEqual([id])
  },
  mistakes: [
    {
      mistake: 'what is refused is taken for gone',
      spoil: (provider) =>
        rehttp(provider, feed, (path, query, options) => [
          path,
          query,
          options?.bytes ? { ...options, expects: [401, 403, 404, 410] } : options,
        ]),
    },
  ],
})
