import type { MetricId, metrics } from './metrics.ts'

/** canonical = (value − minus) × times ÷ over + plus, or per ÷ value where one is the other's reciprocal. */
export interface Conversion {
  times?: number
  over?: number
  minus?: number
  plus?: number
  per?: number
}

/**
 * Spellings of one unit, separated by `|`, the one we would write first; then how it becomes the canonical unit.
 * Spellings are compared after Unicode compatibility folding (`m²` = `m2`, `µ` = `μ`, `℃` = `°C`) and without UCUM's
 * annotations (`{beats}/min` = `/min`); UCUM's `1` is a fraction where the unit is a percentage.
 * Words that mean two things are left out: `cal` (a thousandth of what people mean by it), `dB` (not weighted).
 */
export type UnitRow = readonly [spellings: string, conversion: Conversion]
export type CanonicalUnit = (typeof metrics)[MetricId]['unit']

const asIs: Conversion = {}
/** grams per mmol/L and decilitre: the molar mass of glucose, 180.156 g/mol, ÷ 10. */
const glucose = 18.0156

const perMinute: readonly UnitRow[] = [
  ['/min|1/min|min-1|count/min|/minute', asIs],
  ['/s|1/s|count/s|Hz|hz', { times: 60 }], // HealthKit's own unit is count/s
]

// biome-ignore format: a table, one line for each unit.
export const unitTable: Readonly<Record<CanonicalUnit, readonly UnitRow[]>> = {
  bpm: [['bpm|beats/min|beats/minute|beats per minute', asIs], ...perMinute],
  'breaths/min': [['breaths/min|breaths/minute|breaths per minute|brpm', asIs], ...perMinute],
  rpm: [['rpm|rev/min|revolutions/min', asIs], ...perMinute],
  'steps/min': [['steps/min|spm|steps/minute', asIs], ...perMinute, ['strides/min', { times: 2 }]],
  'events/h': [['events/h|events/hr|events/hour|/h|1/h|count/h|count/hr', asIs]],
  count: [['count|1|#', asIs]],
  '%': [['%|percent|pct', asIs], ['1|fraction|ratio', { times: 100 }]],
  kg: [
    ['kg|kgs|kilogram|kilograms', asIs], ['g|gram|grams', { over: 1000 }], ['lb|lbs|[lb_av]|pound|pounds', { times: 0.45359237 }],
    ['st|[stone_av]|stone|stones', { times: 6.35029318 }], ['oz|[oz_av]|ounce|ounces', { times: 0.028349523125 }],
  ],
  g: [['g|gram|grams', asIs], ['mg', { over: 1000 }], ['µg|ug|mcg', { over: 1_000_000 }], ['kg', { times: 1000 }], ['oz|[oz_av]|ounce|ounces', { times: 28.349523125 }]],
  mg: [['mg|milligram|milligrams', asIs], ['g|gram|grams', { times: 1000 }], ['µg|ug|mcg', { over: 1000 }]],
  m: [
    ['m|meter|meters|metre|metres', asIs], ['km|kilometer|kilometers|kilometre|kilometres', { times: 1000 }], ['cm', { over: 100 }], ['mm', { over: 1000 }],
    ['in|[in_i]|inch|inches', { times: 0.0254 }], ['ft|[ft_i]|foot|feet', { times: 0.3048 }], ['yd|[yd_i]|yard|yards', { times: 0.9144 }], ['mi|[mi_i]|mile|miles', { times: 1609.344 }],
  ],
  mm: [['mm', asIs], ['cm', { times: 10 }], ['m', { times: 1000 }], ['in|[in_i]|inch|inches', { times: 25.4 }]],
  'm/s': [
    ['m/s|m/sec', asIs], ['km/h|km/hr|kmh|kph', { over: 3.6 }], ['mph|mi/h|mi/hr|[mi_i]/h', { times: 1609.344, over: 3600 }],
    ['kn|knot|knots|[kn_i]', { times: 1852, over: 3600 }], ['ft/s|[ft_i]/s', { times: 0.3048 }], ['cm/s', { over: 100 }], ['m/min', { over: 60 }],
  ],
  s: [
    ['s|sec|secs|second|seconds', asIs], ['ms|millisecond|milliseconds', { over: 1000 }], ['min|mins|minute|minutes', { times: 60 }],
    ['h|hr|hrs|hour|hours', { times: 3600 }], ['d|day|days', { times: 86_400 }],
  ],
  ms: [['ms|msec|millisecond|milliseconds', asIs], ['s|sec|second|seconds', { times: 1000 }], ['µs|us', { over: 1000 }]],
  min: [['min|mins|minute|minutes', asIs], ['s|sec|second|seconds', { over: 60 }], ['h|hr|hour|hours', { times: 60 }]],
  years: [['years|year|yr|yrs|y|a', asIs], ['months|month|mo', { over: 12 }]],
  '°C': [['°C|C|degC|deg C|Cel|celsius', asIs], ['°F|F|degF|deg F|[degF]|fahrenheit', { minus: 32, over: 1.8 }], ['K|kelvin', { minus: 273.15 }]],
  kcal: [['kcal|Cal|[Cal]|Calories|kilocalorie|kilocalories', asIs], ['kJ|kj|kilojoule|kilojoules', { over: 4.184 }], ['J|joule|joules', { over: 4184 }]],
  'kcal/day': [['kcal/day|kcal/d|Cal/day', asIs], ['kJ/day|kJ/d|kj/day', { over: 4.184 }], ['W|watt|watts', { times: 86_400, over: 4184 }]],
  MET: [['MET|METs|met|mets|kcal/kg/h|kcal/(kg.h)|kcal/(kg·h)|kcal/hr·kg', asIs], ['mL/kg/min|ml/kg/min|mL/min·kg', { over: 3.5 }]],
  'mL/kg/min': [['mL/kg/min|ml/kg/min|mL/(kg.min)|mL/(kg·min)|mL/min·kg|mL/min/kg|ml/min/kg', asIs], ['MET|METs', { times: 3.5 }]],
  W: [['W|w|watt|watts', asIs], ['kW', { times: 1000 }]],
  mmHg: [['mmHg|mm[Hg]|mmhg|mm hg', asIs], ['kPa|kpa', { times: 7.500616 }]],
  'mmol/L': [['mmol/L|mmol/l|mM', asIs], ['mol/L|mol/l', { times: 1000 }]],
  'mmol/L/min': [['mmol/L/min|mmol/l/min', asIs]],
  L: [['L|l|liter|liters|litre|litres', asIs], ['mL|ml', { over: 1000 }], ['dL|dl', { over: 10 }]],
  'L/min': [['L/min|l/min', asIs], ['L/s|l/s', { times: 60 }], ['mL/min|ml/min', { over: 1000 }]],
  mL: [
    ['mL|ml|milliliter|milliliters|millilitre|millilitres', asIs], ['L|l|liter|liters|litre|litres', { times: 1000 }], ['dL|dl', { times: 100 }], ['cL|cl', { times: 10 }],
    ['fl oz|fl_oz|floz|fl oz us|fl_oz_us|[foz_us]', { times: 29.5735296 }], ['fl oz imp|fl_oz_imp|[foz_br]', { times: 28.4130625 }], ['cup|cups|cup_us|[cup_us]', { times: 236.588237 }],
  ],
  drinks: [['drinks|drink|count|1', asIs]],
  IU: [['IU|iu|[iU]|[IU]|U|units|unit', asIs]],
  'kg/m²': [['kg/m²|kg/m^2|count', asIs]], // HealthKit counts a body mass index
  'Ω': [['Ω|ohm|ohms|Ohm', asIs], ['kΩ|kohm|kOhm', { times: 1000 }]],
  'µS': [['µS|uS', asIs], ['mS', { times: 1000 }], ['S', { times: 1_000_000 }]],
  'dB(A)': [['dB(A)|dBA|dBASPL|dba|db(a)', asIs]],
  score: [['score|points|pts|1', asIs]],
  index: [['index|1|count', asIs]],
  event: [['event|count|1', asIs]],
  record: [['record|count|1', asIs]],
  session: [['session|count|1', asIs]],
  word: [['word', asIs]],
  code: [['code', asIs]],
}

const paces: readonly UnitRow[] = [
  ['s/km|sec/km', { per: 1000 }],
  ['min/km', { per: 1000 / 60 }],
  ['min/mi|min/mile', { per: 26.8224 }],
]

/** Units that only one metric understands; `only` leaves out those of its canonical unit. */
export const ownUnits: Readonly<Partial<Record<MetricId, { rows: readonly UnitRow[]; only?: true }>>> = {
  blood_glucose: {
    rows: [
      ['mg/dL|mg/dl|mg%', { over: glucose }],
      ['g/L|g/l', { times: 100, over: glucose }],
      ['kg/L', { times: 100_000, over: glucose }],
    ],
  },
  glucose_trend_rate: { rows: [['mg/dL/min|mg/dl/min', { over: glucose }]] },
  hba1c: { rows: [['mmol/mol', { times: 0.09148, plus: 2.152 }]] }, // IFCC to NGSP, the master equation
  skin_temperature_deviation: {
    only: true, // a difference of temperatures has no freezing point to take off
    rows: [
      ['°C|C|degC|deg C|Cel|celsius|K|kelvin', asIs],
      ['°F|F|degF|deg F|[degF]|fahrenheit', { over: 1.8 }],
    ],
  },
  speed: { rows: paces },
  walking_speed: { rows: paces },
  steps: { rows: [['steps|step', asIs]] },
  wheelchair_pushes: { rows: [['pushes|push', asIs]] },
  floors_climbed: { rows: [['floors|floor|flights|flight', asIs]] },
  swim_strokes: { rows: [['strokes|stroke', asIs]] },
  inhaler_use: { rows: [['puffs|puff|uses', asIs]] },
  falls: { rows: [['falls|fall', asIs]] },
  stand_hours: { rows: [['hours|h|hr', asIs]] },
  heart_points: { rows: [['points|pts', asIs]] },
}
