import type { Message } from '../definition.ts'
import { fitTimeToMs } from '../profile.ts'
import { type Health, timeOf } from './readings.ts'

const gapBit = 0x8000
const qualityBit = 0x4000
const lengthBits = 0x3fff

/** beat_intervals: plain milliseconds from the message's time on. */
export function readBeatIntervals(state: Health, message: Message): void {
  addBeats(state, message, message.numbers(1))
}

/**
 * raw_bbi: 14 bits of milliseconds each, a bit for the quality, which nobody explains, and one for a gap: what is no distance
 * between two beats only moves the clock on.
 */
export function readRawBeats(state: Health, message: Message): void {
  const packed = message.numbers(1)
  addBeats(
    state,
    message,
    packed.map((bits) => bits & lengthBits),
    packed.map((bits) => (bits & gapBit) !== 0),
  )
  for (const bits of packed) if (bits & qualityBit) state.losses.leaveUnused('raw_bbi.quality')
}

function addBeats(state: Health, message: Message, lengths: number[], gaps: boolean[] = []): void {
  if (timeOf(state, message.time) === undefined) return
  const offset = state.clock.statedAt(fitTimeToMs(message.time))
  let t = fitTimeToMs(message.time) + (message.number(0) ?? 0)
  for (const [i, length] of lengths.entries()) {
    if (Number.isNaN(length) || length === 0) continue
    t += length
    if (gaps[i]) state.losses.leaveUnused('raw_bbi: a gap')
    else
      state.pieces.value(state.source(), 'rr_interval', t, length, { offset, method: 'automatic', place: state.place })
  }
}
