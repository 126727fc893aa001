/** Work on one thing happens one after the other, in the order it was asked for; work on different things side by side. */
export function createTurns(): <T>(thing: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (thing, work) => {
    const turn = (last.get(thing) ?? Promise.resolve()).then(work, work)
    last.set(thing, turn)
    const forget = () => {
      if (last.get(thing) === turn) last.delete(thing)
    }
    turn.then(forget, forget)
    return turn
  }
}
