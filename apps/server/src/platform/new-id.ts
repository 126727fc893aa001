/** Ids that sort by the time they were made (UUIDv7). Randomness is fetched in bulk: an upload takes two ids, and two calls for eight words each cost it 2 µs. */
import { V7Generator } from 'uuidv7'

const words = new Uint32Array(1_024)
let used = words.length

const generator = new V7Generator({
  nextUint32() {
    if (used === words.length) {
      crypto.getRandomValues(words)
      used = 0
    }
    return words[used++] as number
  },
})

export const newId = (): string => generator.generate().toString()
