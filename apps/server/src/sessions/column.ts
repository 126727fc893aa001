/** A column as JSON has it: null where there is no value. */
export const columnOf = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value))
