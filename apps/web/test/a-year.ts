/** A year of a person with a watch, which a ring took over from, and a scale: what pages of days are looked at with. */
import type { TestServer } from '../../server/test/kit.ts'

const hour = 3_600_000
const day = 24 * hour

type Call = TestServer['call']

interface YearOptions {
  /** Local midnight of today, as an instant. */
  today: number
  days?: number
}

/** Steps of a date, `ago` days before today: a pure function, so that a test knows what must be shown. */
export const stepsOf = (ago: number) => 8_000 + 400 * ((ago * 7) % 5) - (ago === 0 ? 5_000 : 0)
/** The watch was away for these days. */
export const awayDays = { from: 40, to: 48 }
/** So many days ago the ring came and the watch was put away. */
export const ringCame = 60

export async function liveAYear(call: Call, token: string, { today, days = 365 }: YearOptions): Promise<void> {
  const watch = await addDevice(call, token, 'Old watch', 'watch')
  const ring = await addDevice(call, token, 'New ring', 'ring')
  const scale = await addDevice(call, token, 'Bathroom scale', 'scale')
  const ages = Array.from({ length: days }, (_, index) => days - 1 - index)
  const isAway = (ago: number) => ago >= awayDays.from && ago <= awayDays.to
  for (const [device, worn] of [
    [watch, ages.filter((ago) => ago > ringCame && !isAway(ago))],
    [ring, ages.filter((ago) => ago <= ringCame && !isAway(ago))],
  ] as const) {
    if (worn.length === 0) continue
    const at = (ago: number, hours: number) => today - ago * day + hours * hour
    const wave = (ago: number, period: number) => Math.sin((ago / period) * 2 * Math.PI)
    const daily = (data_type: string, value: (ago: number) => number) => ({
      data_type,
      values: worn.map((ago) => ({
        timestamp: new Date(at(ago, 0.1)).toISOString(),
        date: dateOf(at(ago, 12)),
        value: value(ago),
      })),
    })
    const counted = (data_type: string, share: (ago: number) => number) => {
      const slots = worn.flatMap((ago) =>
        (ago === 0 ? [0.02] : [8, 12, 18]).map((from) => ({ ago, from, of: ago === 0 ? 1 : 3 })),
      )
      return {
        data_type,
        values: slots.map(({ ago, from, of }) => ({
          timestamp: new Date(at(ago, from)).toISOString(),
          end: new Date(at(ago, from) + (ago === 0 ? 1_200_000 : hour)).toISOString(),
          value: Math.round((share(ago) / of) * 100) / 100,
        })),
      }
    }
    const rates = worn.flatMap((ago) =>
      Array.from({ length: ago === 0 ? 1 : 96 }, (_, quarter) => ({
        timestamp: new Date(at(ago, quarter / 4)).toISOString(),
        value: Math.round(
          58 +
            (quarter > 28 && quarter < 88 ? 16 : 0) +
            6 * wave(quarter, 13) +
            (quarter > 68 && quarter < 73 && ago % 3 === 0 ? 70 : 0),
        ),
      })),
    )
    const nights = worn.flatMap((ago) => stagesOf(at(ago, 0) - 1.2 * hour + (ago % 4) * 900_000, ago))
    await send(call, token, device, [
      counted('steps', stepsOf),
      counted('distance_walking_running', (ago) => stepsOf(ago) * 0.74),
      counted('energy_active', (ago) => stepsOf(ago) * 0.042),
      daily('resting_heart_rate', (ago) => Math.round(54 + 3 * wave(ago, 60) + (ago % 3))),
      daily('hrv_rmssd', (ago) => Math.round(48 + 8 * wave(ago, 45) + (ago % 7))),
      daily('skin_temperature', (ago) => Math.round((34 + 0.4 * wave(ago, 28)) * 10) / 10),
      {
        data_type: 'respiratory_rate',
        values: worn.map((ago) => ({
          timestamp: new Date(at(ago, ago ? 4 : 0.1)).toISOString(),
          value: 14 + (ago % 4) * 0.3,
        })),
      },
      { data_type: 'heart_rate', values: rates },
      { data_type: 'sleep', values: nights },
    ])
  }
  const weighed = ages.filter((ago) => ago % 3 === 2)
  await send(call, token, scale, [
    {
      data_type: 'body_mass',
      values: weighed.map((ago) => ({
        timestamp: new Date(today - ago * day + 7 * hour).toISOString(),
        value: Math.round((76 + 2 * Math.sin(ago / 58) + (ago % 2) * 0.3) * 10) / 10,
      })),
    },
    {
      data_type: 'blood_pressure',
      values: weighed.map((ago) => ({
        timestamp: new Date(today - ago * day + 7.2 * hour).toISOString(),
        systolic: 118 + (ago % 9),
        diastolic: 76 + (ago % 5),
      })),
    },
  ])
  for (const ago of ages.filter((one) => one % 4 === 1 && !isAway(one)).slice(-30)) {
    const start = today - ago * day + 17 * hour
    const minutes = 32 + (ago % 5) * 4
    await done(
      call('POST', '/api/v1/sessions', {
        token,
        body: {
          type: 'workout',
          activity: 'running',
          start_time: new Date(start).toISOString(),
          end_time: new Date(start + minutes * 60_000).toISOString(),
          totals: { distance: minutes * 178, duration: minutes * 60, heart_rate_avg: 142 },
        },
      }),
    )
  }
}

/** Five rounds of light, deep, light and REM: `6 h 40 min` asleep with a quarter more or less. */
function stagesOf(from: number, ago: number) {
  const lengths = [50, 25 + (ago % 3) * 5, 10, 15, 3].map((minutes) => minutes * 60_000)
  const words = ['light', 'deep', 'light', 'rem', 'awake']
  const stages = []
  for (let at = from, round = 0; round < 4; round++) {
    for (const [index, length] of lengths.entries()) {
      stages.push({
        start: new Date(at).toISOString(),
        end: new Date(at + length).toISOString(),
        stage: words[index] as string,
      })
      at += length
    }
  }
  return stages
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10)

async function addDevice(call: Call, token: string, device_name: string, device_type: string): Promise<string> {
  const body = { device_name, device_type, integration_type: 'api' }
  return (await done(call('POST', '/api/v1/devices', { token, body }))).device_id as string
}

interface Body {
  data_type: string
  values: readonly object[]
}

const most = 5_000

async function send(call: Call, token: string, device: string, bodies: readonly Body[]): Promise<void> {
  for (const { data_type, values } of bodies) {
    for (let at = 0; at < values.length; at += most) {
      const body = { data_type, values: values.slice(at, at + most) }
      await done(call('POST', `/api/v1/devices/${device}/data`, { token, body }))
    }
  }
}

async function done(answer: ReturnType<Call>): Promise<Record<string, unknown>> {
  const { status, body } = await answer
  if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  return body
}
