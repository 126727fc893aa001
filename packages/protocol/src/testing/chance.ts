/** What tests that draw their inputs share, in every package. */

/** Of the whole run, which tells it at its start: FC_SEED sets another, and one that failed can be had again. */
export const seed = Number(process.env['FC_SEED'] ?? 20_261_121)

const deeper = process.env['DEEP'] ? 10 : 1

/** How many inputs are drawn: `npm run prove deep` draws ten times as many. */
export const runs = (usual: number): number => usual * deeper
