/** What lists call the thing that measured: some by its number, some by a UUID that ends with it. */
import type { Recording } from '../cloud.ts'

type Device = Recording['device']

export const numberOf = ({ serial }: Device): string => serial.padStart(8, '0')

export const uuidOf = (device: Device): string => `0e030000-0084-0000-0000-0000${numberOf(device).toLowerCase()}`
