import { pseudoRandom } from './ride.ts'

export interface AppleExportOptions {
  /** How large the XML is to be, to a hundredth. */
  bytes: number
  /** Another seed, other values. */
  seed?: number
  /** The time that the records are spread over, milliseconds since 1970; ten years up to 2026 when absent. */
  from?: number
  to?: number
}

const dayMs = 86_400_000
const hourMs = 3_600_000
const chunkLength = 65_536

const watch = 'sourceName="Ana’s Apple\u00a0Watch" sourceVersion="11.2"'
const phone = 'sourceName="Ana’s iPhone" sourceVersion="18.2"'

/** Shares of the bytes as in the exports of people who wear a watch all day: half is heart rate. */
interface Kind {
  share: number
  /** Of one, on average. */
  bytes: number
  write(t: number, random: () => number): string
}

const kinds: readonly Kind[] = [
  { share: 0.46, bytes: 468, write: (t, random) => heartRate(t, random) },
  {
    share: 0.18,
    bytes: 394,
    write: (t, random) => amount('ActiveEnergyBurned', 'kcal', watch, t, 60, 0.1 + random() * 3, 3),
  },
  {
    share: 0.1,
    bytes: 394,
    write: (t, random) => amount('BasalEnergyBurned', 'kcal', watch, t, 900, 15 + random() * 3, 3),
  },
  {
    share: 0.07,
    bytes: 384,
    write: (t, random) => amount('StepCount', 'count', watch, t, 300, 1 + Math.floor(random() * 500), 0),
  },
  {
    share: 0.06,
    bytes: 376,
    write: (t, random) => amount('StepCount', 'count', phone, t, 500, 1 + Math.floor(random() * 600), 0),
  },
  {
    share: 0.05,
    bytes: 398,
    write: (t, random) => amount('DistanceWalkingRunning', 'km', watch, t, 300, random() * 0.4, 5),
  },
  {
    share: 0.04,
    bytes: 390,
    write: (t, random) => amount('DistanceWalkingRunning', 'km', phone, t, 500, random() * 0.5, 5),
  },
  {
    share: 0.01,
    bytes: 388,
    write: (t, random) => amount('OxygenSaturation', '%', watch, t, 0, 0.93 + Math.floor(random() * 7) / 100, 2),
  },
  { share: 0.02, bytes: 14_770, write: (t, random) => night(t, random) },
  { share: 0.01, bytes: 2_210, write: (t, random) => workout(t, random) },
]

/** An export of any size, as an iPhone writes it: types one after another, each from old to new. The same options give the same bytes. */
export function* appleExport(options: AppleExportOptions): Generator<Uint8Array> {
  const { bytes, seed = 1, to = Date.UTC(2026, 0, 1), from = to - 3652 * dayMs } = options
  const random = pseudoRandom(seed)
  let text = head(to)
  for (const { share, bytes: length, write } of kinds) {
    const count = Math.max(1, Math.round((bytes * share) / length))
    const step = (to - from) / count
    for (let i = 0; i < count; i++) {
      text += write(Math.floor((from + i * step + random() * Math.min(step, hourMs)) / 1000) * 1000, random)
      if (text.length < chunkLength) continue
      yield Buffer.from(text)
      text = ''
    }
  }
  yield Buffer.from(`${text}</HealthData>\n`)
}

function head(exported: number): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
]>
<HealthData locale="en_GB">
 <ExportDate value="${date(exported)}"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexNotSet" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>
`
}

/** Central European time without its summer: what matters is that there is an offset. */
function date(t: number): string {
  return `${new Date(t + hourMs).toISOString().slice(0, 19).replace('T', ' ')} +0100`
}

function device(t: number, source: string): string {
  if (source === phone)
    return `device="&lt;&lt;HKDevice: 0x${address(t)}&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone15,2, software:18.2&gt;"`
  return `device="&lt;&lt;HKDevice: 0x${address(t)}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,4, software:11.2&gt;"`
}

/** A new one for each day or so, as each connection of the phone has one. */
function address(t: number): string {
  return (0x300000000 + Math.floor(t / dayMs) * 4096).toString(16)
}

function record(type: string, unit: string, source: string, from: number, to: number, value: string): string {
  return ` <Record type="HKQuantityTypeIdentifier${type}" ${source} ${device(from, source)} unit="${unit}" creationDate="${date(to + 5000)}" startDate="${date(from)}" endDate="${date(to)}" value="${value}"`
}

function heartRate(t: number, random: () => number): string {
  const value = Math.round(52 + 60 * random() ** 3 + 12 * Math.sin(t / hourMs / 3.8))
  return `${record('HeartRate', 'count/min', watch, t, t, String(value))}>\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="${random() < 0.8 ? 0 : 1}"/>\n </Record>\n`
}

function amount(
  type: string,
  unit: string,
  source: string,
  t: number,
  seconds: number,
  value: number,
  decimals: number,
): string {
  return `${record(type, unit, source, t, t + seconds * 1000, value.toFixed(decimals))}/>\n`
}

/** Some thirty stages of the watch, and the phone's time in bed around them. */
function night(t: number, random: () => number): string {
  let at = Math.floor(t / dayMs) * dayMs + 22 * hourMs
  const begun = at
  let text = ''
  for (let i = 0; i < 30; i++) {
    const end = at + Math.floor(300 + random() * 1200) * 1000
    const stage = (['AsleepCore', 'AsleepDeep', 'AsleepCore', 'AsleepREM', 'Awake'] as const)[i % 5]
    text += sleepRecord(watch, at, end, stage as string)
    at = end
  }
  return text + sleepRecord(phone, begun - 600_000, at, 'InBed')
}

function sleepRecord(source: string, from: number, to: number, stage: string): string {
  return ` <Record type="HKCategoryTypeIdentifierSleepAnalysis" ${source} ${device(from, source)} creationDate="${date(to)}" startDate="${date(from)}" endDate="${date(to)}" value="HKCategoryValueSleepAnalysis${stage}">\n  <MetadataEntry key="HKTimeZone" value="Europe/Warsaw"/>\n </Record>\n`
}

function workout(t: number, random: () => number): string {
  const minutes = 20 + Math.floor(random() * 60)
  const end = t + minutes * 60_000
  const statistic = (type: string, rest: string) =>
    `  <WorkoutStatistics type="HKQuantityTypeIdentifier${type}" startDate="${date(t)}" endDate="${date(end)}" ${rest}/>\n`
  const events = Array.from(
    { length: Math.floor(minutes / 6) },
    (_, i) =>
      `  <WorkoutEvent type="HKWorkoutEventTypeSegment" date="${date(t + i * 360_000)}" duration="6" durationUnit="min"/>\n`,
  )
  return ` <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="${minutes}" durationUnit="min" ${watch} ${device(t, watch)} creationDate="${date(end)}" startDate="${date(t)}" endDate="${date(end)}">
  <MetadataEntry key="HKIndoorWorkout" value="0"/>
  <MetadataEntry key="HKTimeZone" value="Europe/Warsaw"/>
  <MetadataEntry key="HKAverageMETs" value="${(6 + random() * 4).toFixed(2)} kcal/hr·kg"/>
${events.join('')}${statistic('HeartRate', `average="${(130 + random() * 20).toFixed(3)}" minimum="92" maximum="171" unit="count/min"`)}${statistic('DistanceWalkingRunning', `sum="${(minutes / 6).toFixed(3)}" unit="km"`)}${statistic('ActiveEnergyBurned', `sum="${(minutes * 11).toFixed(2)}" unit="kcal"`)}${statistic('BasalEnergyBurned', `sum="${(minutes * 1.2).toFixed(2)}" unit="kcal"`)} </Workout>
`
}
