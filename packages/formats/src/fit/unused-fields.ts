/** What the messages of an activity hold besides what is read of them: each field is named, so that nothing is passed over in silence. */
import type { Losses } from '../losses.ts'
import type { Message } from './definition.ts'
import { mesg, messageName } from './profile.ts'
import { lapFields, sessionFields } from './session-figures.ts'

/** The time of writing, and the number that a message has among its kind. */
const ofEvery = [253, 254]
/** Of a summary: event, event_type, event_group say only that it was written. */
const used: Readonly<Record<number, ReadonlySet<number>>> = {
  [mesg.fileId]: new Set([...ofEvery, 0, 1, 2, 3, 4, 8]),
  [mesg.sport]: new Set([...ofEvery, 0, 1]),
  [mesg.session]: new Set([...ofEvery, ...sessionFields, 0, 1, 2, 5, 6, 25, 26, 27, 110]),
  [mesg.lap]: new Set([...ofEvery, ...lapFields, 0, 1, 2, 23, 24, 25, 26, 39]),
  [mesg.event]: new Set([...ofEvery, 0, 1, 4]),
  [mesg.deviceInfo]: new Set([...ofEvery, 0, 1, 2, 3, 4, 5, 11, 27, 32]),
  [mesg.workout]: new Set([...ofEvery, 8]),
  [mesg.activity]: new Set([...ofEvery, 3, 4, 5, 6]),
  [mesg.length]: new Set([...ofEvery, 0, 1, 2, 3, 5, 7, 10, 12]),
}

/** Names as in the public profile, of what devices write most. */
const names: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [mesg.session]: {
    3: 'start_position_lat',
    4: 'start_position_long',
    13: 'total_fat_calories',
    28: 'trigger',
    29: 'nec_lat',
    30: 'nec_long',
    31: 'swc_lat',
    32: 'swc_long',
    37: 'left_right_balance',
    38: 'end_position_lat',
    39: 'end_position_long',
    48: 'total_work',
    49: 'avg_altitude',
    50: 'max_altitude',
    57: 'avg_temperature',
    58: 'max_temperature',
    65: 'time_in_hr_zone',
    68: 'time_in_power_zone',
    89: 'avg_vertical_oscillation',
    90: 'avg_stance_time_percent',
    91: 'avg_stance_time',
    92: 'avg_fractional_cadence',
    93: 'max_fractional_cadence',
    132: 'avg_vertical_ratio',
    133: 'avg_stance_time_balance',
    134: 'avg_step_length',
    147: 'avg_respiration_rate',
  },
  [mesg.lap]: {
    3: 'start_position_lat',
    4: 'start_position_long',
    5: 'end_position_lat',
    6: 'end_position_long',
    12: 'total_fat_calories',
    34: 'left_right_balance',
    41: 'total_work',
    42: 'avg_altitude',
    43: 'max_altitude',
    50: 'avg_temperature',
    51: 'max_temperature',
    57: 'time_in_hr_zone',
    60: 'time_in_power_zone',
    77: 'avg_vertical_oscillation',
    78: 'avg_stance_time_percent',
    79: 'avg_stance_time',
    80: 'avg_fractional_cadence',
    81: 'max_fractional_cadence',
    118: 'avg_vertical_ratio',
    119: 'avg_stance_time_balance',
    120: 'avg_step_length',
  },
  [mesg.event]: { 3: 'data' },
  [mesg.sport]: { 3: 'name' },
  [mesg.activity]: { 0: 'total_timer_time', 1: 'num_sessions', 2: 'type' },
  [mesg.deviceInfo]: {
    6: 'hardware_version',
    7: 'cum_operating_time',
    10: 'battery_voltage',
    22: 'ant_network',
    25: 'source_type',
  },
}

const reason = 'no figure of ours: the file itself keeps it'

export const unusedName = (global: number, num: number): string =>
  `${messageName(global)} ${names[global]?.[num] ?? `field ${num}`}`

export function leaveFields(global: number, message: Message, losses: Losses): void {
  const known = used[global]
  if (!known) return
  for (const num of message.present) if (!known.has(num)) losses.leaveUnused(unusedName(global, num), 1, reason)
}
