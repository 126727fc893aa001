/**
 * Refuses what guessers try first. No rules of composition (NIST SP 800-63B): long is good, whatever it is made of.
 * Instead of a list of thousands of passwords: a list of the words they are built from, and the ways in which people dress them up.
 */
import { Problem } from '../../platform/problem.ts'
import { commonWords } from './common-words.ts'

/** From this length on, a dressed-up word is no longer among the first millions of guesses. */
const longEnough = 16
/** What must be left once the words of the e-mail address are taken out. */
const leftOver = 6

export function assertStrong(password: string, email: string): void {
  const reason = weaknessOf(password, email)
  if (reason) throw new Problem('password_weak', `This password ${reason}. Three or four random words make a good one`)
}

/** Why a guesser would find it soon; undefined for a sound password. */
export function weaknessOf(password: string, email: string): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase()
  if ([...plain].length < 8) return 'is shorter than 8 characters'
  if (new Set(plain).size <= 3) return 'has hardly any different characters'
  if (/^\d+$/.test(plain) && plain.length < 12) return 'is only a number'
  if (isWalk(plain)) return 'follows the alphabet, the digits or a row of the keyboard'
  const unit = repeatedUnit(plain)
  if (unit.length <= 4 && plain.length < longEnough) return 'repeats a few characters'
  if (holdsAddress(plain, email)) return 'is made from your e-mail address'
  if (unit.length < longEnough && isDressedWord(unit)) return 'is among the ones that are guessed first'
  return undefined
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'yxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o0p',
  '!@#$%^&*()',
]
const walks = rows.flatMap((row) => [row, [...row].reverse().join('')])

/** True for a password that is nothing but steps along such rows, three or more at a time: `abcd1234`, `qwertyasdf`. */
function isWalk(plain: string): boolean {
  let at = 0
  while (at < plain.length) {
    const step = longestStep(plain, at)
    if (step < 3) return false
    at += step
  }
  return true
}

function longestStep(plain: string, at: number): number {
  let length = 2
  while (at + length < plain.length && walks.some((row) => row.includes(plain.slice(at, at + length + 1)))) length++
  return walks.some((row) => row.includes(plain.slice(at, at + length))) ? length : 1
}

/** `abcabcabc` is `abc`; what does not repeat is itself. */
function repeatedUnit(plain: string): string {
  const period = (plain + plain).indexOf(plain, 1)
  return plain.slice(0, period)
}

function holdsAddress(plain: string, email: string): boolean {
  const words = email
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= 4)
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), plain)
  return rest.length < plain.length && rest.length < leftOver
}

const disguises: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** A common word, or two, with digits and signs around them and `@` for `a`: `P@ssw0rd2024!`, `iloveyou123`. */
function isDressedWord(plain: string): boolean {
  const undressed = plain.replace(/^[^a-z]+|[^a-z]+$/g, '')
  const uncovered = [...plain.replace(/[\d!?.*#_-]+$/, '')].map((sign) => disguises[sign] ?? sign).join('')
  return [plain, undressed, uncovered, uncovered.replaceAll('1', 'l')].some(isCommon)
}

function isCommon(text: string): boolean {
  const letters = text.replace(/[^a-z]/g, '')
  if (letters.length < 3) return text.length > 0 && letters.length > 0 // `1234567a`: one letter among digits
  if (commonWords.has(letters)) return true
  for (let cut = 3; cut <= letters.length - 3; cut++)
    if (commonWords.has(letters.slice(0, cut)) && commonWords.has(letters.slice(cut))) return true
  return false
}
