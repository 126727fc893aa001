/** Nights, a nap, an ECG and a meditation as an iPhone exports them: small, and the same bytes each time for the same days. */
import { zipOf } from '@tributary/formats/testing'

const minute = 60_000
const day = 86_400_000
const watch = 'sourceName="Mara’s Watch" sourceVersion="11.2"'

/** The stages of one night in minutes, as the pages must tell them. */
export const pattern = [
  ['AsleepCore', 40],
  ['AsleepDeep', 50],
  ['AsleepCore', 60],
  ['AsleepREM', 25],
  ['Awake', 6],
  ['AsleepCore', 70],
  ['AsleepDeep', 30],
  ['AsleepREM', 45],
  ['Awake', 4],
  ['AsleepCore', 60],
  ['AsleepREM', 30],
] as const

export interface NightsOptions {
  /** Midnight UTC of the day after the last night. */
  morning: number
  nights: number
  /** Where the last night was slept; the others at home. */
  awayZone?: string
  awayOffset?: number
}

const home = { zone: 'Europe/Berlin', offset: 60 }

export function appleNights({
  morning,
  nights,
  awayZone = home.zone,
  awayOffset = home.offset,
}: NightsOptions): Uint8Array {
  const records: string[] = []
  for (let i = nights - 1; i >= 0; i--) {
    const { zone, offset } = i === 0 ? { zone: awayZone, offset: awayOffset } : home
    // 23:10 on the wall of the night, a few minutes earlier or later from night to night.
    const start = morning - i * day - 50 * minute + (i % 7) * 4 * minute - offset * minute
    records.push(...night(start, offset, zone, (i * 5) % 31))
  }
  const { zone, offset } = { zone: awayZone, offset: awayOffset }
  const nap = morning + 14 * 60 * minute - offset * minute
  records.push(stage('AsleepCore', nap, nap + 35 * minute, offset, zone))
  const calm = morning + 9 * 60 * minute - offset * minute
  records.push(
    ` <Record type="HKCategoryTypeIdentifierMindfulSession" ${watch} creationDate="${stamp(calm, offset)}" startDate="${stamp(calm, offset)}" endDate="${stamp(calm + 12 * minute, offset)}" value="HKCategoryValueNotApplicable"/>`,
  )
  const exported = stamp(morning + 20 * 60 * minute, offset)
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_GB">
 <ExportDate value="${exported}"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexNotSet" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>
${records.join('\n')}
</HealthData>
`
  return zipOf({
    'apple_health_export/export.xml': xml,
    'apple_health_export/electrocardiograms/ecg.csv': ecg(morning + 8 * 60 * minute - offset * minute, offset),
  })
}

function* night(start: number, offset: number, zone: string, longer: number): Generator<string> {
  let at = start
  for (const [name, minutes] of pattern) {
    const end = at + (minutes + (name === 'AsleepCore' ? longer / 4 : 0)) * minute
    yield stage(name, at, end, offset, zone)
    at = end
  }
  for (let t = start; t < at; t += 5 * minute) yield value('HeartRate', 'count/min', t, offset, 52 + wave(t, 9))
  for (let t = start; t < at; t += 20 * minute) {
    yield value('OxygenSaturation', '%', t, offset, (95 + wave(t, 2)) / 100)
    yield value('RespiratoryRate', 'count/min', t, offset, 14 + wave(t, 2) / 2)
  }
  for (let t = start; t < at; t += 60 * minute)
    yield value('HeartRateVariabilitySDNN', 'ms', t, offset, 48 + wave(t, 14))
}

const wave = (t: number, height: number) => Math.round(height * Math.sin(t / minute / 37) + ((t / minute) % 3))

const stage = (name: string, from: number, to: number, offset: number, zone: string) =>
  ` <Record type="HKCategoryTypeIdentifierSleepAnalysis" ${watch} creationDate="${stamp(to, offset)}" startDate="${stamp(from, offset)}" endDate="${stamp(to, offset)}" value="HKCategoryValueSleepAnalysis${name}">\n  <MetadataEntry key="HKTimeZone" value="${zone}"/>\n </Record>`

const value = (type: string, unit: string, at: number, offset: number, number: number) =>
  ` <Record type="HKQuantityTypeIdentifier${type}" ${watch} unit="${unit}" creationDate="${stamp(at, offset)}" startDate="${stamp(at, offset)}" endDate="${stamp(at, offset)}" value="${number}"/>`

function stamp(at: number, offset: number): string {
  const hours = String(Math.floor(offset / 60)).padStart(2, '0')
  return `${new Date(at + offset * minute).toISOString().slice(0, 19).replace('T', ' ')} +${hours}${String(offset % 60).padStart(2, '0')}`
}

/** Half a minute of a heart at 60 beats, 256 values a second, in microvolts. */
function ecg(at: number, offset: number): string {
  const rate = 256
  const voltages = Array.from({ length: 30 * rate }, (_, i) => {
    const beat = (i / rate) % 1
    const peak = (centre: number, width: number, height: number) => height * Math.exp(-(((beat - centre) / width) ** 2))
    return Math.round(
      peak(0.3, 0.03, 90) +
        peak(0.4, 0.008, -110) +
        peak(0.42, 0.01, 900) +
        peak(0.44, 0.01, -180) +
        peak(0.65, 0.05, 180),
    )
  })
  return `Name,"Mara"
Date of Birth,"1 Jan 1990"
Recorded Date,${stamp(at, offset)}
Classification,Sinus Rhythm
Symptoms,
Software Version,1.90
Device,"Watch6,4"
Sample Rate,${rate} hertz


Lead,Lead I
Unit,µV

${voltages.join('\n')}
`
}
