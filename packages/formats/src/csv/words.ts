/** What columns are called, in the languages that exports are written in. Compared without case, accents, spaces and signs. */
import type { MetricId } from '@tributary/protocol'

// biome-ignore format: a table, one line for each metric.
const metricWords: Readonly<Partial<Record<MetricId, string>>> = {
  body_mass: 'weight|body weight|body mass|mass|gewicht|körpergewicht|poids|peso|peso corporal|peso corporeo|masa ciała|waga|lichaamsgewicht|vikt|kroppsvikt|vekt|vægt|paino|hmotnost|вес|体重',
  body_fat: 'fat|fat percentage|body fat|fett|körperfett|fettanteil|körperfettanteil|masse grasse|graisse|grasa|grasa corporal|massa grassa|grasso|gordura|gordura corporal|tłuszcz|tkanka tłuszczowa|vet|vetpercentage|体脂肪|体脂肪率',
  muscle_mass: 'muscle|muscle mass|muskelmasse|muskeln|masse musculaire|masa muscular|massa muscolare|massa muscular|masa mięśniowa|spiermassa',
  bone_mass: 'bone|bone mass|knochenmasse|masse osseuse|masa ósea|massa ossea|masa kostna|botmassa',
  body_water: 'water|hydration percentage|body water|wasser|körperwasser|wasseranteil|eau|masse hydrique|agua corporal|acqua|água corporal|woda|nawodnienie',
  bmi: 'bmi|body mass index|imc',
  body_height: 'height|körpergröße|größe|taille|altura|estatura|altezza|wzrost|lengte',
  waist: 'waist|waist circumference|taillenumfang|bauchumfang|tour de taille|cintura|girovita|talia|obwód talii',
  heart_rate: 'heart rate|hr|pulse|bpm|heartrate|herzfrequenz|puls|fréquence cardiaque|pouls|frecuencia cardíaca|pulso|frequenza cardiaca|polso|battito|frequência cardíaca|tętno|hartslag|心拍数',
  resting_heart_rate: 'resting heart rate|resting hr|rhr|ruhepuls|ruheherzfrequenz|fréquence cardiaque au repos|frecuencia cardíaca en reposo|pulso en reposo|frequenza cardiaca a riposo|tętno spoczynkowe|rusthartslag|vilopuls',
  hrv_rmssd: 'rmssd|hrv rmssd',
  hrv_sdnn: 'sdnn|hrv sdnn',
  bp_systolic: 'systolic|sys|systole|systolisch|systolischer blutdruck|oberer wert|systolique|tension systolique|sistólica|sistolica|presión sistólica|pressione sistolica|skurczowe|ciśnienie skurczowe|bovendruk|収縮期血圧',
  bp_diastolic: 'diastolic|dia|diastole|diastolisch|diastolischer blutdruck|unterer wert|diastolique|tension diastolique|diastólica|diastolica|presión diastólica|pressione diastolica|rozkurczowe|ciśnienie rozkurczowe|onderdruk|拡張期血圧',
  blood_glucose: 'glucose|blood glucose|blood sugar|sensor glucose|historic glucose|glukose|blutzucker|glykämie|glycémie|glucosa|glucemia|glicemia|glikemia|cukier|bloedsuiker|血糖値',
  ketones: 'ketones|ketone|ketone bodies|ketonkörper|cétones|cetonas|chetoni|ketony',
  spo2: 'spo2|oxygen|oxygen saturation|blood oxygen|sauerstoffsättigung|saturation|saturation en oxygène|saturación de oxígeno|saturazione|saturação de oxigênio|saturacja|zuurstofsaturatie',
  respiratory_rate: 'respiratory rate|respiration rate|breathing rate|respiration|atemfrequenz|fréquence respiratoire|frecuencia respiratoria|frequenza respiratoria|częstość oddechów|ademhaling',
  body_temperature: 'temperature|body temperature|temp|temperatur|körpertemperatur|température|temperatura|temperatura corporal|temperatura corporea|temperatura ciała|lichaamstemperatuur',
  steps: 'steps|step count|schritte|pas|pasos|passi|passos|kroki|stappen|steg|skridt|askeleet|歩数',
  distance: 'distance|distanz|strecke|entfernung|distancia|distanza|distância|dystans|afstand',
  floors_climbed: 'floors|floors climbed|flights climbed|stockwerke|etagen|étages|pisos|piani|andares|piętra|verdiepingen',
  energy_active: 'active calories|active energy|activity calories|calories burned|aktive kalorien|calories actives|calorías activas|calorie attive|kalorie aktywne',
  energy_total: 'total calories|calories total|gesamtkalorien|calories totales|calorías totales',
  energy_intake: 'calories eaten|energy intake|calories consumed|dietary energy|kalorienaufnahme|apport calorique',
  water_intake: 'water intake|water drunk|drinking|wasseraufnahme|trinkmenge|eau bue|agua bebida|wypita woda',
  sleep_total: 'sleep|sleep duration|time asleep|total sleep|asleep|schlaf|schlafdauer|sommeil|durée du sommeil|sueño|sonno|sono|sen|czas snu|slaap|sömn',
  sleep_deep: 'deep|deep sleep|tiefschlaf|sommeil profond|sueño profundo|sonno profondo|sen głęboki',
  sleep_light: 'light|light sleep|leichtschlaf|leichter schlaf|sommeil léger|sueño ligero|sonno leggero|sen lekki',
  sleep_rem: 'rem|rem sleep|rem schlaf|sommeil paradoxal|sueño rem|sonno rem|faza rem',
  sleep_score: 'sleep score|schlafwert|score de sommeil',
  vo2max: 'vo2max|vo2 max|vo₂max',
  stress_score: 'stress|stress level|stress score|stresslevel|estrés|stres',
  speed: 'speed|geschwindigkeit|vitesse|velocidad|velocità|velocidade|prędkość|snelheid',
  power: 'power|leistung|puissance|potencia|potenza|moc|vermogen',
  cadence: 'cadence|trittfrequenz|kadenz|cadencia|cadenza|kadencja',
  elevation: 'altitude|elevation|höhe|altitud|altitudine|wysokość|hoogte',
  insulin_delivery: 'insulin|insuline|insulina',
  carbohydrates_intake: 'carbs|carbohydrates|kohlenhydrate|glucides|carbohidratos|carboidrati|węglowodany|koolhydraten',
}

const timeWords = {
  date: 'date|day|datum|tag|jour|fecha|día|data|giorno|dia|dzień|dag|dato|päivä|дата|日付',
  time: 'time|time of day|hour|clock|zeit|uhrzeit|heure|hora|ora|czas|godzina|tijd|tid|aika|время|時刻',
  both: 'timestamp|datetime|date time|date and time|date/time|measured at|recorded at|created at|start|start time|start date|time stamp|when|zeitpunkt|zeitstempel|datum und uhrzeit|datum/uhrzeit|messzeitpunkt|date et heure|horodatage|fecha y hora|data e ora|data i godzina|data pomiaru|device timestamp|日時',
} as const

export type TimeWord = keyof typeof timeWords

const byMetricWord = new Map<string, MetricId>()
for (const [metric, words] of Object.entries(metricWords)) {
  for (const word of words.split('|')) byMetricWord.set(plainWord(word), metric as MetricId)
}

const byTimeWord = new Map<string, TimeWord>()
for (const kind of ['date', 'time', 'both'] as const) {
  for (const word of timeWords[kind].split('|')) byTimeWord.set(plainWord(word), kind)
}

export function metricOfWord(name: string): MetricId | undefined {
  return byMetricWord.get(plainWord(name))
}

export function timeOfWord(name: string): TimeWord | undefined {
  return byTimeWord.get(plainWord(name))
}

/** Letters and digits alone: `Fréquence cardiaque` = `frequence-cardiaque`. */
function plainWord(word: string): string {
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ł/g, 'l')
    .replace(/[^\p{L}\p{N}]/gu, '')
}
