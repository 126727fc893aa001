/** A day's rings. The phone has taken care that nothing in them is counted twice, so they are stated for the day. */
import { conversionFor, convert, type MetricId } from '@tributary/protocol'
import type { ExportDocument } from './export-document.ts'
import { numberOf } from './read-values.ts'
import type { Node } from './tree.ts'

/** Attribute, metric, and where its unit stands or which it is. */
// biome-ignore format: a table, one line for each figure.
const figures: readonly [attribute: string, metric: MetricId, unitIn: string | undefined, unit: string | undefined][] = [
  ['activeEnergyBurned', 'energy_active', 'activeEnergyBurnedUnit', 'kcal'],
  ['appleMoveTime', 'move_duration', undefined, 'min'],
  ['appleExerciseTime', 'exercise_duration', undefined, 'min'],
  ['appleStandHours', 'stand_hours', undefined, undefined],
]

export const summarySource = 'Apple Health'

export function readActivitySummary(node: Node, document: ExportDocument): void {
  const { attributes } = node
  const date = attributes['dateComponents'] ?? ''
  const values = figures.flatMap(([attribute, metric, unitIn, usual]) => {
    const text = attributes[attribute]
    if (text === undefined) return []
    // Only those who have the ring of move minutes have counted them.
    if (attribute === 'appleMoveTime' && Number(text) === 0 && !(Number(attributes['appleMoveTimeGoal']) > 0)) return []
    const bytes = Buffer.from(text)
    const unit = (unitIn && attributes[unitIn]) ?? usual
    return [{ attribute, metric, value: numberOf(bytes, 0, bytes.length), unit }]
  })
  const t = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  // A day without a watch, or the zeroth of old exports: rings that were not worn say nothing about the day.
  if (values.length && values.every(({ value }) => value === 0))
    return void document.losses.leaveUnused('ActivitySummary of a day with nothing in it')
  const fault = document.check(t)
  if (fault) return void document.refuse(node, fault.code, `ActivitySummary: ${fault.detail}`)
  const unreadable = values.find(({ value }) => Number.isNaN(value))
  if (unreadable)
    return void document.refuse(node, 'number_unreadable', `ActivitySummary: ${unreadable.attribute} is not a number`)
  const strange = values.find(({ metric, unit }) => !conversionFor(metric, unit))
  if (strange)
    return void document.refuse(
      node,
      'unit_unknown',
      `${strange.metric} is not measured in "${strange.unit?.slice(0, 40)}"`,
    )
  const buffer = document.buffers.of(summarySource)
  for (const { metric, value, unit } of values) {
    // A day that a phone counted has no exercise minutes of a watch: 0 beside figures is a figure, kept.
    const conversion = conversionFor(metric, unit)
    if (!conversion) continue
    const same = convert(conversion, 1) === 1
    document.buffers.addRow(buffer, {
      kind: 'day',
      metric,
      date,
      value,
      ...(same || !unit ? {} : { unit }),
      place: document.records - 1,
    })
  }
}
