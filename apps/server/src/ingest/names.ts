import {
  type CompoundName,
  type Conversion,
  compounds,
  type MetricId,
  metrics,
  resolveDataType,
} from '@tributary/protocol'

export function metricOf(name: string): MetricId | undefined {
  const type = resolveDataType(name)
  return type?.kind === 'metric' ? type.metric : undefined
}

export const isSame = ({ per, minus, times, over, plus }: Conversion): boolean =>
  per === undefined && !minus && !plus && (times ?? 1) === (over ?? 1)

export const typeLoss = (name: string) => ({
  code: 'data_type_unknown',
  detail: `${name.slice(0, 50)} is not in the catalogue`,
})
export const unitLoss = (metric: MetricId, unit: string | undefined) => ({
  code: 'unit_unknown',
  detail: `${metric} is not measured in ${unit?.slice(0, 40)}; its unit is ${metrics[metric].unit}`,
})

interface PartRule {
  metric?: MetricId
  optional?: true
}

/** The parts of a compound value without their literal types, for code that reads any of them. */
export const partsOf = (compound: CompoundName): Readonly<Record<string, PartRule>> =>
  compounds[compound].parts as Record<string, PartRule>
