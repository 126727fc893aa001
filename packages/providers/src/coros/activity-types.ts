import { type ActivityType, tableOf } from '@tributary/protocol'

/** By `mode/subMode`; there are more, and the file says the sport of those. */
export const activityTypes: Readonly<Record<string, ActivityType>> = tableOf({
  '8/1': 'running',
  '8/2': 'running_treadmill',
  '15/1': 'running_trail',
  '20/1': 'running',
  '16/1': 'hiking',
  '14/1': 'hiking', // mountaineering
  '31/1': 'walking',
  '9/1': 'cycling',
  '9/2': 'cycling_indoor',
  '10/1': 'swimming_open_water',
  '10/2': 'swimming_pool',
  '13/1': 'multisport',
  '13/2': 'multisport',
})
