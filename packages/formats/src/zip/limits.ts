const MB = 1_000_000

/** What a ZIP may claim and hold (docs: reliability, S5). */
export const zipLimits = {
  entries: 200_000,
  /** Unpacked ÷ packed, of each entry and of the whole: exports of JSON, CSV and XML shrink 10 to 30 times, a bomb 1,000 times. */
  ratio: 100,
  /** Up to this many unpacked bytes anything may shrink as well as it can. */
  free: 1 * MB,
  /** All entries together, unpacked. They are streamed: nobody holds them. */
  unpacked: 20_000 * MB,
  /** The list of names. 200,000 entries take 30 MB. */
  directory: 256 * MB,
  /** Characters of one path. */
  path: 1_000,
  /** A ZIP inside a ZIP is held in memory to be read out of order. */
  nested: 256 * MB,
}
