import { describe, expect, test } from 'vitest'
import {
  activities,
  activityFromFit,
  activityFromName,
  activityFromTcx,
  activityTypes,
  isActivity,
} from './activities.ts'

describe('activities', () => {
  test('every activity is found again by its own FIT numbers, and by its own name', () => {
    for (const type of activityTypes) {
      const [sport, sub]: readonly [number, number?] = activities[type].fit
      expect(activityFromFit(sport, sub)).toBe(type)
      expect(activityFromName(type)).toBe(type)
    }
  })

  test('there are 64 activities, from running to other', () => {
    expect(activityTypes).toHaveLength(64)
    expect(activityTypes.at(0)).toBe('running')
    expect(activityTypes.at(-1)).toBe('other')
  })

  test('a FIT sub-sport without a line of its own counts as its sport', () => {
    expect(activityFromFit(1, 4)).toBe('running') // track
    expect(activityFromFit(2, 7)).toBe('cycling') // road
    expect(activityFromFit(2, 0)).toBe('cycling')
    expect(activityFromFit(2, 255)).toBe('cycling') // the field was left empty
    expect(activityFromFit(31, 69)).toBe('climbing') // bouldering
  })

  test('a FIT sub-sport with a line of its own is more than its sport', () => {
    expect(activityFromFit(1, 3)).toBe('running_trail')
    expect(activityFromFit(2, 58)).toBe('cycling_virtual')
    expect(activityFromFit(5, 18)).toBe('swimming_open_water')
    expect(activityFromFit(13, 37)).toBe('skiing_backcountry')
    expect(activityFromFit(4, 14)).toBe('rowing_machine')
    expect(activityFromFit(2, 47)).toBe('cycling_electric')
  })

  test('a FIT sport that nobody knows is other, and so is fitness equipment that does not say which', () => {
    expect(activityFromFit(200)).toBe('other')
    expect(activityFromFit(4)).toBe('other')
    expect(activityFromFit(64, 96)).toBe('other') // racquetball
    expect(activityFromFit(0, 0)).toBe('other')
  })

  test('TCX says running or biking, all else is other', () => {
    expect(activityFromTcx('Running')).toBe('running')
    expect(activityFromTcx('Biking')).toBe('cycling')
    expect(activityFromTcx('Other')).toBe('other')
    expect(activityFromTcx('Yoga')).toBe('other')
  })

  test.each([
    ['road_biking', 'cycling'],
    ['NORDIC_WALKING', 'walking'],
    ['Mountain Biking', 'cycling_mountain'],
    ['trail_running', 'running_trail'],
    ['TrailRun', 'running_trail'],
    ['Run', 'running'],
    ['Ride', 'cycling'],
    ['E-Bike Ride', 'cycling_electric'],
    ['EMountainBikeRide', 'cycling_electric'],
    ['Swim', 'swimming_pool'],
    ['Workout', 'other'],
    ['9', 'running'],
    ['1', 'cycling'],
    ['10', 'walking'],
    ['4', 'hiking'],
    ['', 'other'],
    ['бег', 'other'],
    ['constructor', 'other'],
  ] as const)('a track whose type says "%s" is %s', (word, activity) => {
    expect(activityFromName(word)).toBe(activity)
  })

  test('names of the language itself are not activities', () => {
    expect(isActivity('toString')).toBe(false)
    expect(isActivity('running')).toBe(true)
  })

  test('Apple and Health Connect numbers are as their makers publish them', () => {
    expect(activities.cycling_hand.healthkit).toEqual(['handCycling', 74])
    expect(activities.swimming_pool.healthkit).toEqual(['swimming', 46, 'pool'])
    expect(activities.other.healthkit).toEqual(['other', 3000])
    expect(activities.hiit.health_connect).toEqual(['HIGH_INTENSITY_INTERVAL_TRAINING', 36])
    expect(activities.yoga.health_connect).toEqual(['YOGA', 83])
    expect('health_connect' in activities.transition).toBe(false)
  })
})
