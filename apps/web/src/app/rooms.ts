import type { IconName } from '../ui/icon.tsx'
import { type Place, path } from '../util/path-builder.ts'

export interface Room {
  title: string
  icon: IconName
  place: Place
  /** Typed after `g`, it leads here. */
  key: string
  /** Under the thumb on a phone; the others are behind “More”. */
  atHand?: true
}

/** The rooms of the house, in the order people visit them. */
export const rooms: readonly Room[] = [
  { title: 'Today', icon: 'today', place: path.today(), key: 't', atHand: true },
  { title: 'Trends', icon: 'trends', place: path.trends(), key: 'r', atHand: true },
  { title: 'Sessions', icon: 'activity', place: path.sessions(), key: 'n', atHand: true },
  { title: 'Explore', icon: 'chart', place: path.explore(), key: 'e', atHand: true },
  { title: 'Connections', icon: 'link', place: path.connections(), key: 'c' },
  { title: 'Devices', icon: 'devices', place: path.devices(), key: 'd' },
  { title: 'Import', icon: 'upload', place: path.imports(), key: 'i' },
  { title: 'Settings', icon: 'settings', place: path.settings(), key: 'x' },
]
