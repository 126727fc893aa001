/** What the person has. Makers that do not exist, so that nobody takes the demo for a verdict on a real one. */
export const demoSources = [
  {
    key: 'watch',
    name: 'Aurora Pulse watch',
    deviceType: 'smartwatch',
    manufacturer: 'Aurora',
    model: 'Pulse 4',
    serial: 'DEMO-WATCH',
    integration: 'bluetooth',
    capabilities: ['heart_rate', 'steps', 'sleep', 'hrv_rmssd', 'spo2', 'gps', 'energy_active', 'stress_score'],
  },
  {
    key: 'phone',
    name: 'Phone',
    deviceType: 'smartphone',
    manufacturer: 'Meridian',
    model: 'One',
    serial: 'DEMO-PHONE',
    integration: 'api',
    capabilities: ['steps', 'distance_walking_running', 'floors_climbed', 'gps', 'body_mass'],
  },
  {
    key: 'scale',
    name: 'Bathroom scale',
    deviceType: 'scale',
    manufacturer: 'Plumb',
    model: 'S2',
    serial: 'DEMO-SCALE',
    integration: 'wifi',
    capabilities: ['body_mass', 'body_fat', 'muscle_mass', 'bone_mass', 'body_water'],
  },
  {
    key: 'cuff',
    name: 'Blood pressure cuff',
    deviceType: 'blood_pressure_monitor',
    manufacturer: 'Plumb',
    model: 'BP1',
    serial: 'DEMO-CUFF',
    integration: 'bluetooth',
    capabilities: ['blood_pressure', 'heart_rate'],
  },
] as const

export type DemoSourceKey = (typeof demoSources)[number]['key']
