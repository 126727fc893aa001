import { FormatError, type Limits, type ParsedFile } from '../parsed-file.ts'
export async function readGpx(_c: AsyncIterable<Uint8Array>, _l: Limits, _n: number): Promise<ParsedFile> {
  throw new FormatError('x', 'x')
}
