/** What each type of record becomes: the catalogue says it, here stands only what the catalogue cannot know. */
import {
  type Conversion,
  catalogue,
  conversionFor,
  convert,
  type MetricId,
  metricIds,
  primaryKind,
  tableOf,
} from '@tributary/protocol'

/** How a record is taken up. `pressure` waits for its other half; the last three are put together from many records. */
export type RecordUse =
  | 'series'
  | 'day'
  | 'event'
  | 'pressure'
  | 'mark'
  | 'word'
  | 'symptom'
  | 'mindful'
  | 'stand'
  | 'sleep'

export interface RecordType {
  name: string
  use: RecordUse
  metric: MetricId
  /** A value for a day belongs to the date on which the record ends: a night, or a week looked back on. */
  endsOn?: true
  /** Of a symptom: its code. */
  code?: string
  /** Several of one second are amounts of their own (foods of one meal), not the same one corrected. */
  apart?: true
}

const quantity = 'HKQuantityTypeIdentifier'
const category = 'HKCategoryTypeIdentifier'

const endsOn = new Set<MetricId>(['breathing_disturbance_index', 'walking_steadiness', 'af_burden'])

const uses: Readonly<Record<string, RecordUse>> = tableOf({
  BloodPressureSystolic: 'pressure',
  BloodPressureDiastolic: 'pressure',
  'c:SleepAnalysis': 'sleep',
  'c:MindfulSession': 'mindful',
  'c:AppleStandHour': 'stand',
  'c:MenstrualFlow': 'word',
  'c:OvulationTestResult': 'word',
  'c:CervicalMucusQuality': 'word',
  'c:Headache': 'symptom',
})

/** Category types that say how strong a symptom was. */
// biome-ignore format: a list.
const symptoms = [
  'AbdominalCramps', 'Acne', 'AppetiteChanges', 'BladderIncontinence', 'Bloating', 'BreastPain', 'ChestTightnessOrPain', 'Chills',
  'Constipation', 'Coughing', 'Diarrhea', 'Dizziness', 'DrySkin', 'Fainting', 'Fatigue', 'Fever', 'GeneralizedBodyAche', 'HairLoss',
  'Headache', 'Heartburn', 'HotFlashes', 'LossOfSmell', 'LossOfTaste', 'LowerBackPain', 'MemoryLapse', 'MoodChanges', 'Nausea',
  'NightSweats', 'PelvicPain', 'RapidPoundingOrFlutteringHeartbeat', 'RunnyNose', 'ShortnessOfBreath', 'SinusCongestion',
  'SkippedHeartbeat', 'SleepChanges', 'SoreThroat', 'VaginalDryness', 'Vomiting', 'Wheezing',
]

export const recordTypes: ReadonlyMap<string, RecordType> = new Map(
  [...metricIds.flatMap(typesOf), ...symptoms.map(symptomType)].map((type) => [type.name, type]),
)

function typesOf(metric: MetricId): RecordType[] {
  const names = catalogue[metric].healthkit ?? []
  return names
    .filter((name) => !name.startsWith('x:'))
    .map((name): RecordType => {
      const isCategory = name.startsWith('c:')
      const use = uses[name] ?? (isCategory ? 'mark' : useOf(metric))
      return {
        name: isCategory ? category + name.slice(2) : quantity + name,
        use,
        metric,
        ...(endsOn.has(metric) ? { endsOn: true } : {}),
        ...(use === 'series' && primaryKind(metric) === 'I' && isTaken(metric) ? { apart: true } : {}),
      }
    })
}

function useOf(metric: MetricId): RecordUse {
  const kind = primaryKind(metric)
  return kind === 'D' ? 'day' : kind === 'E' ? 'event' : 'series'
}

/** Eaten, drunk, injected or inhaled: noted by the person, several at a time. */
function isTaken(metric: MetricId): boolean {
  return catalogue[metric].group === 'metabolic' || metric === 'inhaler_use'
}

function symptomType(name: string): RecordType {
  const code = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
  return { name: category + name, use: 'symptom', metric: 'symptom', code }
}

/** Units that the export spells as nobody else does, or that mean another thing for one metric. */
const unitNames: Readonly<Record<string, string>> = tableOf({
  appleEffortScore: 'score',
  mcS: 'µS',
  'breathing_disturbance_index count': 'events/h',
})

export interface Measure {
  /** As the reading says it; undefined when it is the catalogue's own. */
  unit: string | undefined
  /** Percentages are written as fractions of 1. */
  percent: boolean
  conversion: Conversion
}

/** How a metric is measured in a unit of the export; undefined when it cannot be. */
export function measureOf(metric: MetricId, written: string): Measure | undefined {
  const unit = unitNames[`${metric} ${written}`] ?? (Object.hasOwn(unitNames, written) ? unitNames[written] : written)
  const conversion = conversionFor(metric, unit)
  if (!conversion) return undefined
  const same = convert(conversion, 0) === 0 && convert(conversion, 1) === 1
  return { unit: same ? undefined : unit, percent: written.trim() === '%', conversion }
}

/** A fraction of 1 as a percentage, without the digits that a multiplication in binary adds: 0.14 is 14. */
export function percentOf(fraction: number): number {
  return Number((fraction * 100).toPrecision(12))
}

/** Words of a category's value, without the name of its list before them. */
const categoryWords: Readonly<Partial<Record<MetricId, Readonly<Record<string, string>>>>> = {
  menstruation_flow: tableOf({
    HKCategoryValueMenstrualFlowNone: 'none',
    HKCategoryValueMenstrualFlowLight: 'light',
    HKCategoryValueMenstrualFlowMedium: 'medium',
    HKCategoryValueMenstrualFlowHeavy: 'heavy',
    HKCategoryValueVaginalBleedingNone: 'none',
    HKCategoryValueVaginalBleedingLight: 'light',
    HKCategoryValueVaginalBleedingMedium: 'medium',
    HKCategoryValueVaginalBleedingHeavy: 'heavy',
  }),
  ovulation_test: tableOf({
    HKCategoryValueOvulationTestResultNegative: 'negative',
    HKCategoryValueOvulationTestResultPositive: 'positive',
    HKCategoryValueOvulationTestResultLuteinizingHormoneSurge: 'positive',
    HKCategoryValueOvulationTestResultEstrogenSurge: 'high',
    HKCategoryValueOvulationTestResultIndeterminate: 'inconclusive',
  }),
  cervical_mucus: tableOf({
    HKCategoryValueCervicalMucusQualityDry: 'dry',
    HKCategoryValueCervicalMucusQualitySticky: 'sticky',
    HKCategoryValueCervicalMucusQualityCreamy: 'creamy',
    HKCategoryValueCervicalMucusQualityWatery: 'watery',
    HKCategoryValueCervicalMucusQualityEggWhite: 'egg_white',
  }),
}

/** How strong a symptom was, or how appetite changed. */
const severities: Readonly<Record<string, string>> = tableOf({
  HKCategoryValueSeverityUnspecified: 'unspecified',
  HKCategoryValueSeverityNotPresent: 'not_present',
  HKCategoryValueSeverityMild: 'mild',
  HKCategoryValueSeverityModerate: 'moderate',
  HKCategoryValueSeveritySevere: 'severe',
  HKCategoryValuePresencePresent: 'present',
  HKCategoryValuePresenceNotPresent: 'not_present',
  HKCategoryValueAppetiteChangesUnspecified: 'unspecified',
  HKCategoryValueAppetiteChangesNoChange: 'no_change',
  HKCategoryValueAppetiteChangesDecreased: 'decreased',
  HKCategoryValueAppetiteChangesIncreased: 'increased',
})

export function categoryWord(metric: MetricId, value: string): string | undefined {
  const words = categoryWords[metric]
  return words && Object.hasOwn(words, value) ? words[value] : undefined
}

export function severityOf(value: string): string | undefined {
  return Object.hasOwn(severities, value) ? severities[value] : undefined
}

/** `HKMetadataKeyHeartRateMotionContext`, `HKTimeZone` → the key without what stands before all of them. */
export function metadataKey(key: string): string {
  return key.replace(/^HK(?:MetadataKey)?/, '')
}
