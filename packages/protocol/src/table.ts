/**
 * A table that is asked with words from outside: files, providers, phones. It has what is written in it and nothing that every object
 * has by birth, so that `constructor` and `toString` are words it does not know.
 */
export const tableOf = <T extends object>(rows: T): T => Object.setPrototypeOf(rows, null) as T
