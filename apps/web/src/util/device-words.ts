/** What pages call kinds, states and ways of connecting. */
import type { Device, DeviceHealth } from '../api/types.ts'
import type { IconName } from '../ui/icon.tsx'
import type { Tone } from '../ui/pill.tsx'

/** Suggestions only: a device's type is any word. */
export const deviceTypes: readonly { value: string; label: string }[] = [
  { value: 'watch', label: 'Watch' },
  { value: 'heart_rate_monitor', label: 'Heart rate monitor' },
  { value: 'bike_computer', label: 'Bike computer' },
  { value: 'scale', label: 'Scale' },
  { value: 'blood_pressure_monitor', label: 'Blood pressure monitor' },
  { value: 'glucose_meter', label: 'Glucose meter' },
  { value: 'pulse_oximeter', label: 'Pulse oximeter' },
  { value: 'thermometer', label: 'Thermometer' },
  { value: 'sleep_tracker', label: 'Sleep tracker' },
  { value: 'phone', label: 'Phone' },
  { value: 'sensor', label: 'Other sensor' },
]

export const integrationWords: Record<Device['integration_type'], string> = {
  api: 'It posts its data over the network',
  wifi: 'Wi-Fi',
  bluetooth: 'Bluetooth, through a phone or gateway',
  mqtt: 'MQTT',
  file: 'I import its files',
  manual: 'I enter values by hand',
}

export const statusWords: Record<Device['status'], { word: string; tone: Tone }> = {
  registered: { word: 'Waiting for data', tone: 'quiet' },
  active: { word: 'Active', tone: 'good' },
  inactive: { word: 'Switched off', tone: 'quiet' },
  error: { word: 'Needs attention', tone: 'bad' },
}

export const healthWords: Record<DeviceHealth['status'], { word: string; tone: Tone }> = {
  online: { word: 'Online', tone: 'good' },
  offline: { word: 'Offline', tone: 'warn' },
  unknown: { word: 'Nothing heard yet', tone: 'quiet' },
}

function typeWords(type: string): string {
  const known = deviceTypes.find(({ value }) => value === type)
  return known?.label ?? sentenceCase(type)
}

/** `bike_trainer` reads "Bike trainer". */
export function sentenceCase(word: string): string {
  const spaced = word.replaceAll(/[_-]+/g, ' ').trim()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

export function deviceIcon({ device_type }: Pick<Device, 'device_type'>): IconName {
  if (/heart|pressure|ecg/.test(device_type)) return 'activity'
  if (/watch|band|ring/.test(device_type)) return 'watch'
  if (/scale/.test(device_type)) return 'scale'
  if (/glucose|oxi|oxy/.test(device_type)) return 'drop'
  if (/thermo|temperature/.test(device_type)) return 'thermometer'
  if (/sleep|bed/.test(device_type)) return 'sleep'
  if (/bike|gps/.test(device_type)) return 'route'
  return 'devices'
}

type Described = Pick<Device, 'device_name' | 'device_type' | 'manufacturer' | 'model'>

/** Kind, maker and model, each said once: a file's device is often named after all three. */
export function describeDevice({ device_name, device_type, manufacturer, model }: Described): string {
  const said: string[] = [device_name]
  for (const words of [typeWords(device_type), [manufacturer, model].filter(Boolean).join(' ')]) {
    if (words && !said.some((before) => before.toLowerCase().includes(words.toLowerCase()))) said.push(words)
  }
  return said.slice(1).join(' · ')
}
