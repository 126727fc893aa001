import { Losses } from '../../losses.ts'
import { FormatError } from '../../parsed-file.ts'
import { FitDecoder } from '../decoder.ts'
import { Message } from '../definition.ts'
import { mesg } from '../profile.ts'

/** What the first bytes of a FIT file say about it: its file_id.type and which messages it defines. */
export function headOf(head: Uint8Array): { type: number | undefined; globals: number[] } {
  const globals: number[] = []
  let type: number | undefined
  const decoder = new FitDecoder(
    {
      begin: () => undefined,
      define(definition) {
        globals.push(definition.global)
        if (definition.global !== mesg.fileId) return () => undefined
        return (view, at, time) => {
          type ??= new Message(definition, view, at, time).number(0)
        }
      },
    },
    new Losses(),
  )
  try {
    decoder.push(head)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
  }
  return { type, globals }
}
