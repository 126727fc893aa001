/** How to get one's data out of other apps, step by step, as their own menus are called. A new one is a literal here. */
export interface ExportGuide {
  name: string
  /** What arrives here. */
  brings: string
  steps: readonly string[]
  /** What is different from what one would expect. */
  note?: string
}

export const exportGuides: readonly ExportGuide[] = [
  {
    name: 'Apple Health',
    brings: 'Everything of the Health app: values, nights, workouts with their routes, ECGs',
    steps: [
      'On the iPhone open Health and tap your picture at the top right.',
      'Scroll to the end and tap Export All Health Data; it takes some minutes.',
      'Send the file export.zip to this device, for instance with AirDrop or Files, and drop it above as it is.',
    ],
    note: 'Each export holds everything, so a newer one only adds what is new, and follows what you deleted.',
  },
  {
    name: 'Google Takeout',
    brings: 'Google Fit and Fitbit: values, nights, workouts',
    steps: [
      'Open takeout.google.com and sign in.',
      'Deselect all, then choose Fit and, if you have one, Fitbit.',
      'Choose .zip, create the export and wait for the mail with its link.',
      'Drop every part of the zip above, all at once.',
    ],
  },
  {
    name: 'Fitbit',
    brings: 'Heart rate, steps, nights, weight, exercises',
    steps: [
      'Open takeout.google.com with the Google account of your Fitbit.',
      'Deselect all, choose Fitbit and create the export.',
      'Drop the zip above as it is.',
    ],
    note: 'An archive that Fitbit itself made before accounts moved to Google is taken too.',
  },
  {
    name: 'Garmin',
    brings: 'Activities, and what the watch records all day, from its FIT files',
    steps: [
      'Open garmin.com/account/datamanagement and choose Export Your Data; the mail with the link may take days.',
      'Or connect the watch by cable and choose its folder GARMIN above.',
      'Drop the zip or the folder: the FIT files in it are read.',
    ],
    note: 'A single activity: open it in Garmin Connect, then the gear, then Export File.',
  },
  {
    name: 'Strava',
    brings: 'All your activities as they were recorded',
    steps: [
      'On strava.com open Settings, then My Account.',
      'Under Download or Delete Your Account choose Get Started, then Request Your Archive.',
      'Drop the zip from the mail above as it is.',
    ],
    note: 'A single activity: open it, then the three dots, then Export Original.',
  },
  {
    name: 'Gadgetbridge',
    brings: 'Everything the app keeps: values, nights, workouts',
    steps: [
      'In Gadgetbridge open the menu, then Data management.',
      'Choose Export DB, and send the file Gadgetbridge to this device.',
      'Drop the file above; it needs no ending in its name.',
    ],
  },
  {
    name: 'Zepp and Zepp Life',
    brings: 'Heart rate, steps, nights, weight, sports',
    steps: [
      'In the app open Profile, then Settings, then Account, then Export data.',
      'Choose all kinds of data and the whole time, and give your e-mail address.',
      'The zip in the mail has a password. Unpack it with that and drop the folder above.',
    ],
  },
  {
    name: 'Mi Fitness',
    brings: 'Heart rate, steps, nights, oxygen, stress',
    steps: [
      'Open account.xiaomi.com, then Privacy, then Manage your data, then Mi Fitness.',
      'Choose Download and wait for the mail.',
      'If the zip has a password, unpack it with that and drop the folder above.',
    ],
  },
  {
    name: 'Health Auto Export',
    brings: 'What you choose of the Health app, as JSON',
    steps: [
      'In the app open Manual Export and choose what and since when.',
      'Choose JSON as the format and send the file to this device.',
      'Drop it above.',
    ],
  },
  {
    name: 'Dexcom Clarity',
    brings: 'Glucose with its trend, fingersticks and what you entered; names in the file are not kept',
    steps: [
      'Sign in at clarity.dexcom.com and press Export beside the reports.',
      'Choose since when; the file is a table (CSV).',
      'Drop it above.',
    ],
  },
  {
    name: 'Tributary',
    brings: 'Everything of another hub, or of this one as it was',
    steps: [
      'On that hub open Settings, then Exports.',
      'Make an export of everything and download it.',
      'Drop the zip above as it is.',
    ],
  },
  {
    name: 'Activity files',
    brings: 'FIT, TCX and GPX, also packed as .gz or many in a .zip',
    steps: ['Drop them above, thousands at once if you have them.'],
  },
  {
    name: 'Tables (CSV)',
    brings: 'A weight diary, a blood pressure log, anything with a time and numbers',
    steps: [
      'In your spreadsheet save the table as CSV, with one row of names at the top.',
      'Drop it above. The first time you say what its columns are; after that tables with the same names are read by themselves.',
    ],
  },
]
