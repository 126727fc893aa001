import { scope } from './auth.ts'
import { type PointType, pointFeed } from './point-feed.ts'

const { activity, metrics } = scope

const howReckoned = 'no place beside a value for how it was reckoned'
const besideValue = 'no place beside a value'
const byHand = 'a note of the person; no place beside a value'
const ofOneStage = 'of one stage of sleep alone; the figure of the night is told'

// biome-ignore format: a table, one entry for each type.
export const pointTypes = {
  steps: { type: 'steps', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Steps', de: 'Schritte', fr: 'Pas' }, values: [{ path: ['count'], metric: 'steps' }] },
  distance: { type: 'distance', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Distance', de: 'Strecke', fr: 'Distance' }, values: [{ path: ['millimeters'], metric: 'distance', unit: 'mm' }] },
  floors: { type: 'floors', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Floors', de: 'Stockwerke', fr: 'Étages' }, values: [{ path: ['count'], metric: 'floors_climbed' }] },
  altitude: { type: 'altitude', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Elevation gain', de: 'Höhenmeter', fr: 'Dénivelé positif' }, values: [{ path: ['gainMillimeters'], metric: 'elevation_gain', unit: 'mm', onlyGains: true }] },
  active_energy: { type: 'active-energy-burned', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Active energy', de: 'Aktive Energie', fr: 'Énergie active' }, values: [{ path: ['kcal'], metric: 'energy_active' }] },
  basal_energy: { type: 'basal-energy-burned', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Resting energy', de: 'Ruheenergie', fr: 'Énergie au repos' }, values: [{ path: ['kcal'], metric: 'energy_basal' }] },
  swim_lengths: { type: 'swim-lengths-data', shape: 'interval', call: 'reconcile', scope: activity, title: { en: 'Swim strokes', de: 'Schwimmzüge', fr: 'Mouvements de nage' }, values: [{ path: ['strokeCount'], metric: 'swim_strokes' }],
    unused: { swimStrokeType: 'the lengths of the workout have it' } },
  heart_rate: { type: 'heart-rate', shape: 'sample', call: 'reconcile', scope: metrics, title: { en: 'Heart rate', de: 'Puls', fr: 'Fréquence cardiaque' }, values: [{ path: ['beatsPerMinute'], metric: 'heart_rate' }],
    unused: { 'metadata.motionContext': 'no place beside a value for what the person was doing', 'metadata.sensorLocation': besideValue } },
  resting_heart_rate: { type: 'daily-resting-heart-rate', shape: 'daily', call: 'list', scope: metrics, title: { en: 'Resting heart rate', de: 'Ruhepuls', fr: 'Fréquence cardiaque au repos' }, values: [{ path: ['beatsPerMinute'], metric: 'resting_heart_rate' }],
    unused: { 'dailyRestingHeartRateMetadata.calculationMethod': howReckoned } },
  heart_rate_variability: { type: 'heart-rate-variability', shape: 'sample', call: 'reconcile', scope: metrics, title: { en: 'Heart rate variability', de: 'Herzfrequenzvariabilität', fr: 'Variabilité cardiaque' },
    values: [{ path: ['rootMeanSquareOfSuccessiveDifferencesMilliseconds'], metric: 'hrv_rmssd' }, { path: ['standardDeviationMilliseconds'], metric: 'hrv_sdnn' }],
    unused: { 'metadata.lowFrequencyPower': 'no metric', 'metadata.highFrequencyPower': 'no metric' } },
  daily_heart_rate_variability: { type: 'daily-heart-rate-variability', shape: 'daily', call: 'list', scope: metrics, title: { en: 'Heart rate variability, by night', de: 'Herzfrequenzvariabilität je Nacht', fr: 'Variabilité cardiaque par nuit' },
    values: [{ path: ['averageHeartRateVariabilityMilliseconds'], metric: 'hrv_rmssd' }], // an RMSSD
    unused: { deepSleepRootMeanSquareOfSuccessiveDifferencesMilliseconds: 'of deep sleep alone; the figure of the night is told', entropy: 'no metric', nonRemHeartRateBeatsPerMinute: 'of sleep without dreams alone; no metric' } },
  oxygen: { type: 'oxygen-saturation', shape: 'sample', call: 'reconcile', scope: metrics, title: { en: 'Blood oxygen', de: 'Blutsauerstoff', fr: 'Oxygène sanguin' }, values: [{ path: ['percentage'], metric: 'spo2' }] },
  daily_oxygen: { type: 'daily-oxygen-saturation', shape: 'daily', call: 'list', scope: metrics, title: { en: 'Blood oxygen, by night', de: 'Blutsauerstoff je Nacht', fr: 'Oxygène sanguin par nuit' }, values: [{ path: ['averagePercentage'], metric: 'spo2' }],
    unused: { lowerBoundPercentage: 'a bound of Google’s own reckoning', upperBoundPercentage: 'a bound of Google’s own reckoning', standardDeviationPercentage: 'no metric' } },
  daily_respiratory_rate: { type: 'daily-respiratory-rate', shape: 'daily', call: 'list', scope: metrics, title: { en: 'Breathing, by night', de: 'Atmung je Nacht', fr: 'Respiration par nuit' }, values: [{ path: ['breathsPerMinute'], metric: 'respiratory_rate' }] },
  sleep_respiratory_rate: { type: 'respiratory-rate-sleep-summary', shape: 'sample', call: 'list', scope: metrics, title: { en: 'Breathing during sleep', de: 'Atmung im Schlaf', fr: 'Respiration pendant le sommeil' }, values: [{ path: ['fullSleepStats', 'breathsPerMinute'], metric: 'respiratory_rate' }],
    unused: { 'fullSleepStats.standardDeviation': 'no metric', 'fullSleepStats.signalToNoise': 'how sure Google is, on a scale that is not explained', deepSleepStats: ofOneStage, lightSleepStats: ofOneStage, remSleepStats: ofOneStage } },
  sleep_temperature: { type: 'daily-sleep-temperature-derivations', shape: 'daily', call: 'list', scope: metrics, title: { en: 'Skin temperature', de: 'Hauttemperatur', fr: 'Température de la peau' }, values: [{ path: ['nightlyTemperatureCelsius'], metric: 'skin_temperature' }, { path: ['nightlyTemperatureCelsius'], minus: 'baselineTemperatureCelsius', metric: 'skin_temperature_deviation' }],
    unused: { relativeNightlyStddev30dCelsius: 'how much it varies; no metric' } },
  core_temperature: { type: 'core-body-temperature', shape: 'sample', call: 'list', scope: metrics, title: { en: 'Body temperature', de: 'Körpertemperatur', fr: 'Température corporelle' }, values: [{ path: ['temperatureCelsius'], metric: 'body_temperature' }],
    unused: { id: 'a value is known by its time', measurementLocation: 'no place beside a value for where on the body it was taken' } },
  weight: { type: 'weight', shape: 'sample', call: 'list', scope: metrics, title: { en: 'Weight', de: 'Gewicht', fr: 'Poids' }, values: [{ path: ['weightGrams'], metric: 'body_mass', unit: 'g' }],
    unused: { notes: byHand } },
  body_fat: { type: 'body-fat', shape: 'sample', call: 'list', scope: metrics, title: { en: 'Body fat', de: 'Körperfett', fr: 'Masse grasse' }, values: [{ path: ['percentage'], metric: 'body_fat' }] },
  height: { type: 'height', shape: 'sample', call: 'list', scope: metrics, title: { en: 'Height', de: 'Größe', fr: 'Taille' }, values: [{ path: ['heightMillimeters'], metric: 'body_height', unit: 'mm' }] },
  glucose: { type: 'blood-glucose', shape: 'sample', call: 'list', scope: metrics, title: { en: 'Blood glucose', de: 'Blutzucker', fr: 'Glycémie' }, values: [{ path: ['bloodGlucoseMilligramsPerDeciliter'], metric: 'blood_glucose', unit: 'mg/dL' }],
    unused: { mealType: besideValue, measurementSource: besideValue, measurementTiming: besideValue, specimen: besideValue, notes: byHand } },
  daily_vo2max: { type: 'daily-vo2-max', shape: 'daily', call: 'list', scope: activity, title: { en: 'VO₂ max, by day', de: 'VO₂max je Tag', fr: 'VO₂ max par jour' }, values: [{ path: ['vo2Max'], metric: 'vo2max' }],
    unused: { estimated: howReckoned, cardioFitnessLevel: 'a word for the value', vo2MaxCovariance: 'no metric' } },
  run_vo2max: { type: 'run-vo2-max', shape: 'sample', call: 'list', scope: activity, title: { en: 'VO₂ max of runs', de: 'VO₂max von Läufen', fr: 'VO₂ max des courses' }, values: [{ path: ['runVo2Max'], metric: 'vo2max' }] },
  vo2max: { type: 'vo2-max', shape: 'sample', call: 'list', scope: activity, title: { en: 'VO₂ max', de: 'VO₂max', fr: 'VO₂ max' }, values: [{ path: ['vo2Max'], metric: 'vo2max' }],
    unused: { measurementMethod: howReckoned } },
  hydration: { type: 'hydration-log', shape: 'session', call: 'list', scope: scope.nutrition, title: { en: 'Drinks', de: 'Getränke', fr: 'Boissons' }, values: [{ path: ['amountConsumed', 'milliliters'], metric: 'water_intake', unit: 'mL' }],
    unused: { 'amountConsumed.userProvidedUnit': 'the unit it was typed in; the amount is in millilitres whatever it says' } },
} as const satisfies Record<string, PointType>

type Name = keyof typeof pointTypes

export const pointFeeds = Object.fromEntries(
  Object.entries(pointTypes).map(([name, type]) => [name, pointFeed(type)]),
) as Readonly<Record<Name, ReturnType<typeof pointFeed>>>
